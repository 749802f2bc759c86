#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/sql/parse.h"

// Statements that are newer than the built-in grammar, or misspelt: it cannot tell which.
namespace reconcile::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<ParsedStatement> statements_of(std::string_view text) {
  const auto statements = split(text, "f.sql");
  EXPECT_TRUE(statements) << text << ": " << describe(statements.error());
  return statements ? *statements : std::vector<ParsedStatement>();
}

/// "line: text" of each, with a "?" where the grammar could not read it.
std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> found;
  for (const ParsedStatement& statement : statements_of(text)) {
    found.push_back(std::to_string(statement.line) + (statement.unread ? "?: " : ": ") +
                    statement.text);
  }
  return found;
}

TEST(Unread, NewerStatementsAreKeptAsTheyAre) {
  for (const std::string sql : {
           // 16
           "create table t (a text storage external)",
           "select json_object('a' value 1, 'b': 2)",
           "select * from (values (1), (2))",
           "grant pg_read_all_data to somebody with inherit false, set true",
           "create table t (primary key, a int)",
           // 17
           "select * from json_table('[1]', '$[*]' columns (a int path '$')) as j",
           "merge into t using s on t.a = s.a when matched then delete returning t.a",
           "merge into t using s on t.a = s.a when not matched by source then delete",
           "alter table t alter column c set expression as (a * 2)",
           "alter table t split partition p into (partition q for values in (1))",
           // 18
           "create table t (a int, b int generated always as (a * 2) virtual)",
           "create table t (a int, b int generated always as (a * 2))",
           "alter table t add constraint n not null a not valid",
           "create table t (a int4range, b daterange, primary key (a, b without overlaps))",
           "alter table t add foreign key (a, period b) references s (a, period b)",
           "alter table t alter constraint c not enforced",
           "update t set a = 1 returning old.a, with (old as o) o.a",
       }) {
    for (const ParsedStatement& statement : statements_of(sql + ";")) {
      EXPECT_EQ(statement.text, sql);
      EXPECT_TRUE(statement.unread) << sql;
      EXPECT_EQ(statement.cls, StatementClass::Transactional) << sql;
    }
    EXPECT_EQ(statements_of(sql + ";").size(), 1U) << sql;
  }
}

TEST(Unread, OnlyTheNewerStatementIsKeptUnread) {
  EXPECT_THAT(
      texts("-- one\nselect ';', $$;$$;\n\n"
            "create table t (a int, /* ; */ b int generated always as (a * 2) virtual);\n"
            "create function f() returns int begin atomic select case when true then 1 end; "
            "select 2; end;\n"
            "create rule r as on insert to t do also (select 1; select 2);\n"
            "select 3"),
      ElementsAre(
          "2: select ';', $$;$$",
          "4?: create table t (a int, /* ; */ b int generated always as (a * 2) virtual)",
          "5: create function f() returns int begin atomic select case when true then 1 end; "
          "select 2; end",
          "6: create rule r as on insert to t do also (select 1; select 2)", "7: select 3"));
}

TEST(Unread, ABodyOfNewerStatementsIsOneStatement) {
  EXPECT_THAT(
      texts("create procedure p() begin atomic\n"
            "merge into t using s on t.a = s.a when matched then delete returning t.a;\n"
            "select case when true then 1 end;\nend;\nselect 1;"),
      ElementsAre("1?: create procedure p() begin atomic\n"
                  "merge into t using s on t.a = s.a when matched then delete returning t.a;\n"
                  "select case when true then 1 end;\nend",
                  "5: select 1"));
}

TEST(Unread, WhereAStatementEndsIsNeverGuessedTooFar) {
  // Named "begin": no body, so that the COMMIT behind it is found.
  const auto named = statements_of(
      "create function begin() returns int language sql virtual as 'select 1'; commit;");
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[1].cls, StatementClass::TransactionControl);
  // Looks like a body and is none: what could be three statements is not taken for one that was
  // read.
  const auto posing = statements_of("select frob nic ate; select 1 from begin atomic; commit; end");
  ASSERT_EQ(posing.size(), 2U);
  EXPECT_TRUE(posing[1].unread);
  EXPECT_EQ(posing[1].text, "select 1 from begin atomic; commit; end");
  // An open parenthesis hides the rest: one statement, which no server can read either.
  EXPECT_THAT(texts("select (1; commit"), ElementsAre("1?: select (1; commit"));
}

struct Kept {
  std::string_view sql;
  StatementClass cls;
  std::string_view command;
};

TEST(Unread, ClassifiedByItsFirstWords) {
  constexpr auto plain = StatementClass::Transactional;
  constexpr auto alone = StatementClass::NonTransactional;
  constexpr auto control = StatementClass::TransactionControl;
  const std::vector<Kept> cases{
      {"begin isolation level frobnicated", control, "BEGIN ISOLATION"},
      {"start transaction frobnicated", control, "START TRANSACTION"},
      {"commit frobnicated", control, "COMMIT FROBNICATED"},
      {"end frobnicated", control, "END FROBNICATED"},
      {"rollback /* x */ frobnicated", control, "ROLLBACK FROBNICATED"},
      {"abort frobnicated", control, "ABORT FROBNICATED"},
      {"savepoint a b", control, "SAVEPOINT A"},
      {"release savepoint a b", control, "RELEASE SAVEPOINT"},
      {"prepare transaction frobnicated", control, "PREPARE TRANSACTION"},
      {"set transaction frobnicated", control, "SET TRANSACTION"},
      {"set local transaction_read_only to on off frob nicated", control, "SET LOCAL"},
      {"set session characteristics frobnicated", plain, ""},
      {"prepare q as frobnicated", plain, ""},
      {"create unique index concurrently i on t (a) frobnicated x", alone, "CREATE … CONCURRENTLY"},
      {"drop index concurrently i frobnicated", alone, "DROP … CONCURRENTLY"},
      {"reindex (frob nicate) table concurrently t x", alone, "REINDEX … CONCURRENTLY"},
      {"alter table t detach partition p concurrently frobnicated", alone, "ALTER … CONCURRENTLY"},
      {"refresh materialized view concurrently v frobnicated", plain, ""},
      {"vacuum frob nicated all", alone, "VACUUM"},
      {"create database d (frobnicated)", alone, "CREATE DATABASE"},
      {"drop database d frobnicated", alone, "DROP DATABASE"},
      {"alter system frobnicated", alone, "ALTER SYSTEM"},
      {"discard all frobnicated", alone, "DISCARD ALL"},
      {"call refresh_continuous_aggregate('v', null, null) frobnicated", alone,
       "refresh_continuous_aggregate"},
      {"create table \"commit\" (a int frobnicated x)", plain, ""},
  };
  for (const Kept& each : cases) {
    const auto statements = statements_of("-- c\n" + std::string(each.sql) + ";");
    ASSERT_EQ(statements.size(), 1U) << each.sql;
    EXPECT_TRUE(statements.front().unread) << each.sql;
    EXPECT_EQ(statements.front().cls, each.cls) << each.sql;
    EXPECT_EQ(statements.front().command, each.command) << each.sql;
  }
}

TEST(Unread, WhatNoServerReadsIsAnErrorAllTheSame) {
  for (const auto& [sql, where, what] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"select frob nic ate;\n\\i x.sql", "f.sql:2", "psql command \\i"},
           {"select frob nic ate;\nselect 1 \\gset\n", "f.sql:2", "psql command \\gset"},
           {"select frob nic ate;\ncopy t from stdin;\n", "f.sql:2", "COPY … FROM STDIN"},
           {"select frob nic ate;\ncopy t from stdin (on_error ignore);\n", "f.sql:2",
            "COPY … FROM STDIN"},
           {"select frob nic ate;\ncopy t (a) to stdout frobnicated;\n", "f.sql:2",
            "COPY … TO STDOUT"},
           {"select frob nic ate;\nselect 'x\n", "f.sql:1",
            "this is not SQL that PostgreSQL 15's grammar accepts"}}) {
    const auto statements = split(sql, "f.sql");
    ASSERT_FALSE(statements) << sql;
    EXPECT_EQ(statements.error().where, where) << sql;
    EXPECT_EQ(statements.error().what, what) << sql;
  }
}

TEST(Unread, TheReasonPointsAtItsPlaceInTheFile) {
  const auto statements = statements_of("select 1;\n\nselect 'é',\n fro m x y;\n");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[1].line, 3);
  ASSERT_TRUE(statements[1].unread);
  EXPECT_EQ(statements[1].unread->where, "f.sql:4");
  EXPECT_EQ(statements[1].unread->why,
            "syntax error at or near \"x\"\n     fro m x y;\n           ^");
}

TEST(Unread, NumbersOfNewerServers) {
  EXPECT_THAT(
      texts("select 1_000, 0xFF, 0b11, 0o17, 1_0.5_0, '0x;' as a1_0; -- 1_000;\nselect 2"),
      ElementsAre("1?: select 1_000, 0xFF, 0b11, 0o17, 1_0.5_0, '0x;' as a1_0", "2: select 2"));
  EXPECT_EQ(token_hash("select 1_000 ;").value(), token_hash("SELECT 1_000;").value());
  EXPECT_NE(token_hash("select 1_000").value(), token_hash("select 1_001").value());
  EXPECT_THAT(scan("select 12monkeys", "f.sql").error().why, HasSubstr("trailing junk"));
}

}  // namespace
}  // namespace reconcile::sql
