#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/catalog/adopt.h"

// The SQL that says what the database has, where healing has none.

namespace reconcile::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> adopted(const std::string& kind, const std::string& name,
                                 const std::string& owned, const std::string& live) {
  const auto side = [](const std::string& text) {
    return text.empty() ? std::optional<std::string>() : std::optional(text);
  };
  return adopt({{kind, name}, "", side(owned), side(live), {}});
}

TEST(AdoptSql, Enums) {
  const auto change = [](const std::string& from, const std::string& to) {
    return adopted("enum", "public.e", "create type public.e as enum (" + from + ")",
                   "create type public.e as enum (" + to + ")");
  };
  EXPECT_THAT(change("'a', 'b'", "'a', 'it''s, (', 'b', 'c'"),
              ElementsAre("alter type public.e add value 'it''s, (' after 'a'",
                          "alter type public.e add value 'c' after 'b'"));
  EXPECT_THAT(change("'a'", "'0', 'a'"),
              ElementsAre("alter type public.e add value '0' before 'a'"));
  EXPECT_THAT(change("'a', 'b'", "'a', 'z'"), IsEmpty());  // renamed, or another one
  EXPECT_THAT(change("'a', 'b'", "'b', 'a'"), IsEmpty());
}

TEST(AdoptSql, Columns) {
  const auto change = [](const std::string& from, const std::string& to) {
    return adopted("column", "public.t.c", "alter table public.t add column c " + from,
                   "alter table public.t add column c " + to);
  };
  EXPECT_THAT(change("integer default 1", "text collate pg_catalog.\"C\" default 'x' not null"),
              ElementsAre("alter table public.t alter column c drop default",
                          "alter table public.t alter column c type text collate pg_catalog.\"C\" "
                          "using c::text",
                          "alter table public.t alter column c set default 'x'",
                          "alter table public.t alter column c set not null"));
  EXPECT_THAT(change("integer not null",
                     "integer generated always as identity (sequence name s) "
                     "not null"),
              ElementsAre("alter table public.t alter column c add generated always as identity "
                          "(sequence name s)"));
  EXPECT_THAT(change("integer generated always as (a + 1) stored", "integer"), IsEmpty());
}

TEST(AdoptSql, TypesAndDomains) {
  EXPECT_THAT(adopted("type", "public.p", "create type public.p as (x integer, y numeric(10, 2))",
                      "create type public.p as (y numeric(10, 2), \"z z\" text)"),
              ElementsAre("alter type public.p drop attribute x",
                          "alter type public.p add attribute \"z z\" text"));
  EXPECT_THAT(
      adopted("domain", "public.d",
              "create domain public.d as integer constraint a CHECK ((VALUE > 0))",
              "create domain public.d as integer default 5 not null constraint b CHECK "
              "((VALUE > 1))"),
      ElementsAre("alter domain public.d drop constraint a", "alter domain public.d set default 5",
                  "alter domain public.d set not null",
                  "alter domain public.d add constraint b CHECK ((VALUE > 1))"));
}

TEST(AdoptSql, WhatIsGone) {
  const auto gone = [](const std::string& kind, const std::string& name,
                       const std::string& owned = "create x") {
    const auto statements = adopted(kind, name, owned, "");
    return statements.empty() ? "" : statements.front();
  };
  EXPECT_EQ(gone("column", "public.\"a.b\".\"c.d\""),
            "alter table if exists public.\"a.b\" drop column if exists \"c.d\"");
  EXPECT_EQ(gone("enum", "public.e"), "drop type if exists public.e");
  EXPECT_EQ(gone("table", "public.t", "create foreign table public.t () server s"),
            "drop foreign table if exists public.t");
  EXPECT_EQ(gone("trigger", "public.t.x"), "drop trigger if exists x on public.t");
  EXPECT_EQ(gone("comment", "on table public.t", "comment on table public.t is 'it is '"),
            "comment on table public.t is null");
  EXPECT_EQ(gone("grant", "on table public.t (c) to r", "grant select (c) on table public.t to r"),
            "revoke all (c) on table public.t from r");
  EXPECT_EQ(gone("grant", "on function public.f() to public",
                 "revoke all on function public.f() from public"),
            "grant execute on function public.f() to public");
}

// Views go before what they stand on goes, and come after it has come.
TEST(AdoptSql, Order) {
  const auto one = [](const std::string& kind, const std::string& name, const std::string& about,
                      const std::string& owned, const std::string& live) {
    return Difference{{kind, name},
                      about,
                      owned.empty() ? std::nullopt : std::optional(owned),
                      live.empty() ? std::nullopt : std::optional(live),
                      {}};
  };
  const Adoptions found = adoptions(
      {one("column", "public.n.id", "n.id", "", "alter table public.n add column id integer"),
       one("column", "public.t.c", "t.c", "alter table public.t add column c integer", ""),
       one("index", "public.lost_i", "lost", "CREATE INDEX lost_i ON public.lost (a)", ""),
       one("table", "public.lost", "lost", "create table public.lost ()", ""),
       one("table", "public.n", "n", "", "create table public.n ()"),
       one("view", "public.v", "v", "create view public.v as\n SELECT t.c", ""),
       one("view", "public.w", "w", "", "create view public.w as\n SELECT n.id"),
       one("index", "public.broken", "n", "",
           "CREATE INDEX broken ON public.n (id) /* invalid */")},
      {});
  std::vector<std::string> sql;
  for (const Adoption& piece : found.pieces)
    sql.insert(sql.end(), piece.statements.begin(), piece.statements.end());
  EXPECT_THAT(
      sql, ElementsAre("drop view if exists public.v", "create table public.n (\n  id integer\n)",
                       "create view public.w as\n SELECT n.id",
                       "alter table if exists public.t drop column if exists c",
                       "drop table if exists public.lost"));
  EXPECT_EQ(found.pieces.size(), 7U);  // the index goes with its table
  ASSERT_EQ(found.unknown.size(), 1U);
  EXPECT_EQ(found.unknown.front().object.name, "public.broken");
}

}  // namespace
}  // namespace reconcile::catalog
