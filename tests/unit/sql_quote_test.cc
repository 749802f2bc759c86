#include <gtest/gtest.h>

#include "reconcilers/sql/quote.h"

namespace reconcile::sql {
namespace {

TEST(QuoteIdentifier, NoNameLeavesItsQuotes) {
  EXPECT_EQ(quote_identifier("entries"), R"("entries")");
  EXPECT_EQ(quote_identifier("select"), R"("select")");
  EXPECT_EQ(quote_identifier("MixedCase"), R"("MixedCase")");
  EXPECT_EQ(quote_identifier(R"(a"b)"), R"("a""b")");
  EXPECT_EQ(quote_identifier(R"("; drop table users; --)"), R"("""; drop table users; --")");
  EXPECT_EQ(quote_identifier(R"(a\b)"), R"("a\b")");
  EXPECT_EQ(quote_identifier("a.b"), R"("a.b")");
  EXPECT_EQ(quote_identifier("a\nb"), "\"a\nb\"");
  EXPECT_EQ(quote_identifier("gará'ž"), "\"gará'ž\"");
  EXPECT_EQ(quote_identifier(""), "\"\"");
}

TEST(QuoteLiteral, NoValueLeavesItsQuotes) {
  EXPECT_EQ(quote_literal("text"), "'text'");
  EXPECT_EQ(quote_literal(""), "''");
  EXPECT_EQ(quote_literal("O'Brien"), "'O''Brien'");
  EXPECT_EQ(quote_literal("'; drop table users; --"), "'''; drop table users; --'");
  EXPECT_EQ(quote_literal(R"(a\b)"), R"(E'a\\b')");
  EXPECT_EQ(quote_literal(R"(\')"), R"(E'\\''')");
  EXPECT_EQ(quote_literal("$$"), "'$$'");
  EXPECT_EQ(quote_literal("a\nb"), "'a\nb'");
}

}  // namespace
}  // namespace reconcile::sql
