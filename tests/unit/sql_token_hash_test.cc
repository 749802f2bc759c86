#include <gtest/gtest.h>

#include "reconcilers/sql/parse.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {
namespace {

struct Pair {
  std::string_view left, right;
};

TEST(TokenHash, SameTokens) {
  const std::vector<Pair> cases{
      {"select 1;", "-- one\nSELECT\t1 /* two /* three */ */ ;\n"},
      {"", "-- nothing\n"},
      {"select a\nfrom t;\n", "select a\r\nfrom t;\r\n"},
      {"select A from T", "select a from t"},
      {"select 'a'\n  'b'", "select 'a'\r\n'b'"},
      {"select E'a\\''\n'b'", "select E'a\\''\r\n   'b'"},
      {"select a.b", "select a . b"},
      {"select U&'\\0061' uescape '!'", "select   U&'\\0061'\nUESCAPE '!'"},
  };
  for (const auto& [left, right] : cases) {
    EXPECT_EQ(token_hash(left).value(), token_hash(right).value()) << left << "\n" << right;
  }
}

TEST(TokenHash, OtherTokens) {
  const std::vector<Pair> cases{
      {"select 5", "select 6"},
      {"select 'a'", "select 'A'"},
      {"select 'a b'", "select 'a  b'"},
      {"select 'a\nb'", "select 'a\r\nb'"},
      {"select $$a\nb$$", "select $$a\r\nb$$"},
      {"do $$ begin -- x\nend $$", "do $$ begin end $$"},
      {"select 'a' -- b", "select 'b' -- a"},
      {"select \"a\"", "select \"A\""},
      {"select a", "select \"a\""},
      {"select a b", "select ab"},
      {"select 1 2", "select 12"},
      {"select U&'\\0061'", "select U&'\\0062'"},
      {"select U&\"\\0061\"", "select U&\"\\0062\""},
      {"select 'a' 'b'", "select 'a'\n'b'"},
      {"select 'a''b'", "select 'a'\n'b'"},
      {"select E'a\\'\n\\'b'", "select E'a\\'\r\n\\'b'"},
      {"select B'1'", "select X'1'"},
      {"select Ä", "select ä"},  // PostgreSQL folds ASCII only in a UTF-8 database
      {"select a <> b", "select a != b"},
      {"select 1", "select 1;"},
  };
  for (const auto& [left, right] : cases) {
    EXPECT_NE(token_hash(left).value(), token_hash(right).value()) << left << "\n" << right;
  }
}

TEST(TokenHash, TextThatCannotBeScanned) {
  EXPECT_FALSE(token_hash("select 'a"));
  EXPECT_FALSE(token_hash(std::string_view("a\0b", 3)));
  EXPECT_EQ(token_hash("select 1;\nselect 'a").error().where, "line 2");
}

TEST(Scan, TokensAreWholeAndInOrder) {
  const std::string_view text =
      "select U&'d\\0061', E'\\'', $a$ ' $a$, \"x y\", :y, 1.5e3, a->>'b', $1, x'1F' --c\n/* d */";
  const std::vector<std::string_view> expected{
      "select", "U&'d\\0061'", ",",  "E'\\''", ",",     "$a$ ' $a$", ",",      "\"x y\"",
      ",",      ":",           "y",  ",",      "1.5e3", ",",         "a",      "->>",
      "'b'",    ",",           "$1", ",",      "x'1F'", "--c",       "/* d */"};
  const auto tokens = scan(text, "f.sql").value();
  std::vector<std::string_view> found;
  for (const Token& token : tokens) {
    found.push_back(token.text);
    EXPECT_EQ(text.substr(token.offset, token.text.size()), token.text);
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(tokens[0].kind, Token::Kind::Word);
  EXPECT_EQ(tokens[1].kind, Token::Kind::String);
  EXPECT_EQ(tokens[5].kind, Token::Kind::String);
  EXPECT_EQ(tokens[7].kind, Token::Kind::QuotedIdentifier);
  EXPECT_EQ(tokens[18].kind, Token::Kind::Other);
  EXPECT_TRUE(tokens[21].is_comment());
}

TEST(IsSingleExpression, Expressions) {
  for (const std::string_view text : {"1",
                                      "now()",
                                      "'a'::text",
                                      "gen_random_uuid()",
                                      "nextval('s'::regclass)",
                                      "(1, 2)",
                                      "array[1, 2]",
                                      "coalesce(a, 'b')",
                                      "(select 1)",
                                      "case when a then 1 else 2 end",
                                      "-1",
                                      "CURRENT_TIMESTAMP",
                                      "'it''s'",
                                      "')'",
                                      "'--'",
                                      "a is not null",
                                      "x[1]",
                                      "null",
                                      "interval '1 day'",
                                      "a and b",
                                      "' ; '",
                                      "'{}'::jsonb",
                                      "(1)+(2)"}) {
    EXPECT_TRUE(is_single_expression(text)) << text;
  }
}

TEST(IsSingleExpression, AnythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "1, 2",
                                      "1; drop table t",
                                      "1)::int + (2",
                                      "1) from t where (true",
                                      "1), (2",
                                      "--",
                                      "1 --",
                                      "1 --\n",
                                      "1 /* x */",
                                      "select 1",
                                      "values (1)",
                                      "table t",
                                      "1 as x",
                                      "1 x",
                                      "*",
                                      "1 from t",
                                      "1 not null",
                                      "1 check (true)",
                                      "1 primary key",
                                      "'a",
                                      "(1",
                                      "1)",
                                      "[1, 2]",
                                      "(select 1) union (select 2)",
                                      "(select 1) limit 1",
                                      "with x as (select 1) select 1",
                                      "distinct 1",
                                      "default",
                                      "true then 1 when true",
                                      "1] || array[2",
                                      "(1]",
                                      "\\i x",
                                      ":x",
                                      "1 collate \"C\" not null"}) {
    EXPECT_FALSE(is_single_expression(text)) << text;
  }
  EXPECT_FALSE(is_single_expression(std::string_view("1\0", 2)));
}

}  // namespace
}  // namespace reconcile::sql
