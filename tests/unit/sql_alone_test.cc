#include <gmock/gmock.h>

#include "reconcilers/sql/hazards.h"
#include "reconcilers/sql/parse.h"

// What may run alone: read, put into other words for the transaction, and set apart where it
// counts.

namespace reconcile::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ParsedStatement> read(std::string_view text) {
  auto statements = split(text, "f.sql");
  EXPECT_TRUE(statements) << describe(statements.error());
  return statements ? std::move(*statements) : std::vector<ParsedStatement>();
}

struct Reading {
  std::string_view text;
  Alone::Kind kind;
  std::string_view relation;
  std::string_view inside;
};

TEST(Alone, IsReadAndPutIntoOtherWords) {
  using Kind = Alone::Kind;
  const std::vector<Reading> cases = {
      {"create unique index concurrently i on t (a)", Kind::CreateIndex, "\"t\"",
       "create unique index  i on t (a)"},
      {"CREATE INDEX/**/CONCURRENTLY/**/i ON ONLY \"S\" . t (concurrently(a))", Kind::CreateIndex,
       "\"S\".\"t\"", "CREATE INDEX/**//**/i ON ONLY \"S\" . t (concurrently(a))"},
      {"drop index concurrently if exists s.i", Kind::DropIndex, "\"s\".\"i\"",
       "drop index if exists \"s\".\"i\""},
      {"reindex index concurrently i", Kind::ReindexIndex, "\"i\"", "reindex index  i"},
      {"reindex (concurrently, verbose) table t", Kind::ReindexTable, "\"t\"",
       "reindex (concurrently off, verbose) table t"},
      {"reindex (verbose, concurrently on) table t", Kind::ReindexTable, "\"t\"",
       "reindex (verbose, concurrently off) table t"},
      {"alter table p detach partition s.c concurrently", Kind::DetachPartition, "\"p\"",
       "alter table p detach partition s.c "},
      {"alter type value add value 'x' after 'y'", Kind::AddValue, "\"value\"",
       "alter type value add value if not exists 'x' after 'y'"},
      {"alter type add add value if not exists 'x'", Kind::AddValue, "\"add\"",
       "alter type add add value if not exists 'x'"},
  };
  for (const Reading& each : cases) {
    const std::string text = "select 1; -- é\n" + std::string(each.text) + ";";
    const auto statements = read(text);
    ASSERT_EQ(statements.size(), 2U) << each.text;
    const auto& alone = statements.back().alone;
    ASSERT_NE(alone, nullptr) << each.text;
    EXPECT_EQ(alone->kind, each.kind) << each.text;
    EXPECT_EQ(alone->relation, each.relation) << each.text;
    EXPECT_EQ(alone->inside, each.inside) << each.text;
    const auto inside = read(alone->inside);
    ASSERT_EQ(inside.size(), 1U) << alone->inside;
    EXPECT_EQ(inside.front().cls, StatementClass::Transactional) << alone->inside;
  }
}

TEST(Alone, AnIndexIsTriedOnACopyOfItsTable) {
  const auto statements = read(
      "create index concurrently \"I\" on only \"a \"\"s\" /* here */ . \"T USING\" (a) where b > "
      "0");
  const auto& alone = statements.front().alone;
  ASSERT_NE(alone, nullptr);
  EXPECT_EQ(alone->copy, "pg_temp.\"T USING\"");
  EXPECT_EQ(alone->on_copy, "create index  \"I\" on only pg_temp.\"T USING\" (a) where b > 0");
  EXPECT_EQ(alone->name, "I");
}

TEST(Alone, OthersAreNot) {
  for (const std::string_view text :
       {"create index i on t (a)", "reindex (concurrently off) table t", "vacuum t",
        "reindex schema concurrently s", "alter table p detach partition c",
        "alter table p detach partition c finalize", "alter type t rename value 'a' to 'b'",
        "refresh materialized view concurrently v", "drop table concurrently_used"}) {
    EXPECT_EQ(read(text).front().alone, nullptr) << text;
  }
}

TEST(Alone, WhatNoCatalogCouldTellIsRefused) {
  for (const std::string_view text :
       {"create index concurrently on t (a)", "drop index concurrently a, b",
        "drop index concurrently a cascade"}) {
    const auto statements = split(text, "f.sql");
    ASSERT_FALSE(statements) << text;
    EXPECT_EQ(statements.error().where, "f.sql:1") << text;
    EXPECT_FALSE(statements.error().next.empty()) << text;
  }
}

CatalogFacts facts() {
  CatalogFacts facts;
  const auto relation = [](std::string name, std::string kind, bool populated) {
    return CatalogFacts::Relation{.schema = "public",
                                  .name = std::move(name),
                                  .kind = std::move(kind),
                                  .visible = true,
                                  .populated = populated};
  };
  facts.relations = {relation("busy", "r", true),    relation("bare", "r", false),
                     relation("busy_i", "i", true),  relation("bare_i", "i", false),
                     relation("parent", "p", false), relation("part", "r", true)};
  facts.types = {{"public", "mood", false, true}};
  return facts;
}

std::vector<std::size_t> alone_of(std::string_view text, const CatalogFacts* known) {
  std::vector<Statement> statements;
  for (ParsedStatement& parsed : read(text))
    statements.push_back({.text = parsed.text, .line = parsed.line, .alone = parsed.alone});
  std::vector<PlannedStatement> planned;
  for (const Statement& statement : statements)
    planned.push_back({.statement = &statement, .begins_file = planned.empty()});
  return alone(planned, known);
}

TEST(Alone, IsSetApartOnlyWhereSomebodyIsConcerned) {
  const CatalogFacts known = facts();
  EXPECT_THAT(alone_of("create index concurrently i on busy (a)", &known), ElementsAre(0U));
  EXPECT_THAT(alone_of("create index concurrently i on bare (a)", &known), IsEmpty());
  EXPECT_THAT(alone_of("create table n (a int); create index concurrently i on n (a)", &known),
              IsEmpty());
  EXPECT_THAT(alone_of("create index concurrently i on busy (a)", nullptr), ElementsAre(0U));
  // What has the name may be what a build has left, when the table had rows.
  EXPECT_THAT(alone_of("create index concurrently bare_i on bare (a)", &known), ElementsAre(0U));
  EXPECT_THAT(alone_of("drop index concurrently busy_i; drop index concurrently bare_i", &known),
              ElementsAre(0U));
  EXPECT_THAT(
      alone_of("reindex index concurrently bare_i; reindex table concurrently busy", &known),
      ElementsAre(1U));
  EXPECT_THAT(alone_of("alter table parent detach partition part concurrently", &known),
              ElementsAre(0U));
  EXPECT_THAT(alone_of("alter table parent detach partition bare concurrently", &known), IsEmpty());
}

TEST(Alone, AValueGoesAheadWhereItIsUsed) {
  const CatalogFacts known = facts();
  const std::string add = "alter type mood add value 'a''b'; alter type mood add value 'c'; ";
  EXPECT_THAT(alone_of(add + "select 1", &known), IsEmpty());
  EXPECT_THAT(alone_of(add + "insert into busy values ('a''b')", &known), ElementsAre(0U, 1U));
  EXPECT_THAT(alone_of(add + "do $$ begin execute 'x ''c'' y'; end $$", &known),
              ElementsAre(0U, 1U));
  // A type of the same plan, or one that its path hides, is nobody's that is known.
  EXPECT_THAT(alone_of("create type m as enum (); alter type m add value 'c'; select 'c'", &known),
              IsEmpty());
  EXPECT_THAT(alone_of("set search_path to s; " + add + "select 'c'", &known), IsEmpty());
}

}  // namespace
}  // namespace reconcile::sql
