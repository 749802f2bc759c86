#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "reconcilers/sql/parse.h"
#include "reconcilers/sql/quote.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> found;
  for (const ParsedStatement& statement : split(text, "f.sql").value()) {
    found.push_back(std::to_string(statement.line) + ": " + statement.text);
  }
  return found;
}

/// What is wrong with the text, or with the first statement that cannot be read.
Error error_of(std::string_view text) {
  const auto result = split(text, "f.sql");
  if (!result) return result.error();
  for (const ParsedStatement& statement : *result) {
    if (statement.unread) return *statement.unread;
  }
  ADD_FAILURE() << text;
  return {};
}

TEST(Split, StatementsBeginAtTheirFirstTokenAndEndAtTheirLast) {
  EXPECT_THAT(texts(""), IsEmpty());
  EXPECT_THAT(texts("-- only a comment\n"), IsEmpty());
  EXPECT_THAT(texts("/* a /* nested */ one */"), IsEmpty());
  EXPECT_THAT(texts(";;\n;"), IsEmpty());
  EXPECT_THAT(texts("select 1"), ElementsAre("1: select 1"));
  EXPECT_THAT(texts("\n-- one\nselect 1 ; -- tail\n\n/* two */ select\n 2\n;"),
              ElementsAre("3: select 1", "5: select\n 2"));
  EXPECT_THAT(texts("select 1 -- tail"), ElementsAre("1: select 1"));
  EXPECT_THAT(texts("select /* ; */ 1; select 2;;"),
              ElementsAre("1: select /* ; */ 1", "1: select 2"));
  EXPECT_THAT(texts("select 1;\r\n\r\n-- x\r\nselect 2;\r\n"),
              ElementsAre("1: select 1", "4: select 2"));
}

TEST(Split, SemicolonsInsideStringsAndBodiesDoNotEndAStatement) {
  EXPECT_THAT(texts("select ';', E'\\';', \"a;b\" from t"),
              ElementsAre("1: select ';', E'\\';', \"a;b\" from t"));
  EXPECT_THAT(texts("do $a$ begin perform $$;$$; end $a$;\nselect 1"),
              ElementsAre("1: do $a$ begin perform $$;$$; end $a$", "2: select 1"));
  EXPECT_THAT(
      texts("create function f() returns int begin atomic select 1; select 2; end;\nselect 3"),
      ElementsAre("1: create function f() returns int begin atomic select 1; select 2; end",
                  "2: select 3"));
  EXPECT_THAT(texts("create rule r as on insert to t do also (select 1; select 2); select 3"),
              ElementsAre("1: create rule r as on insert to t do also (select 1; select 2)",
                          "1: select 3"));
}

TEST(Split, TextOutsideAsciiKeepsItsPlaces) {
  EXPECT_THAT(texts("select 'é→𝄞'; -- ž\nselect ünï from tàb;"),
              ElementsAre("1: select 'é→𝄞'", "2: select ünï from tàb"));
}

TEST(Split, AQuotedNameIsOneToken) {
  for (const std::string_view name :
       {"a\"b", "\"; drop table users; --", "a\nb", "$$", "/*", "--", "'", "ž", "a\\"}) {
    const std::string statement =
        "comment on table " + quote_identifier(name) + " is " + quote_literal(name);
    EXPECT_THAT(texts(statement + "; select 1"), testing::SizeIs(2)) << statement;
  }
}

struct Classified {
  std::string_view sql;
  StatementClass cls;
  std::string_view command;
};

TEST(Classify, EveryCommandThatDoesNotBelongInTheTransaction) {
  constexpr auto plain = StatementClass::Transactional;
  constexpr auto alone = StatementClass::NonTransactional;
  constexpr auto control = StatementClass::TransactionControl;
  const std::vector<Classified> cases{
      {"begin", control, "BEGIN"},
      {"start transaction", control, "START TRANSACTION"},
      {"commit", control, "COMMIT"},
      {"end", control, "END"},
      {"rollback", control, "ROLLBACK"},
      {"abort", control, "ABORT"},
      {"savepoint a", control, "SAVEPOINT A"},
      {"release savepoint a", control, "RELEASE SAVEPOINT"},
      {"rollback to a", control, "ROLLBACK TO"},
      {"prepare transaction 'x'", control, "PREPARE TRANSACTION"},
      {"commit prepared 'x'", control, "COMMIT PREPARED"},
      {"rollback prepared 'x'", control, "ROLLBACK PREPARED"},
      {"set transaction isolation level serializable", control, "SET TRANSACTION"},
      {"set transaction_read_only = on", control, "SET TRANSACTION_READ_ONLY"},
      {"CREATE INDEX /* now */ CONCURRENTLY i ON t(a)", alone, "CREATE INDEX CONCURRENTLY"},
      {"create unique index concurrently i on t(a)", alone, "CREATE INDEX CONCURRENTLY"},
      {"drop index concurrently i", alone, "DROP INDEX CONCURRENTLY"},
      {"reindex index concurrently i", alone, "REINDEX CONCURRENTLY"},
      {"reindex (verbose, concurrently) table t", alone, "REINDEX CONCURRENTLY"},
      {"reindex (concurrently on) table t", alone, "REINDEX CONCURRENTLY"},
      {"reindex (concurrently 1) table t", alone, "REINDEX CONCURRENTLY"},
      {"reindex (concurrently off) table t", plain, ""},
      {"reindex (concurrently 0) table t", plain, ""},
      {"reindex (concurrently FALSE) table t", plain, ""},
      {"reindex schema s", alone, "REINDEX SCHEMA"},
      {"reindex database d", alone, "REINDEX DATABASE"},
      {"reindex system d", alone, "REINDEX SYSTEM"},
      {"reindex table t", plain, ""},
      {"vacuum", alone, "VACUUM"},
      {"vacuum (analyze) t", alone, "VACUUM"},
      {"analyze t", plain, ""},
      {"cluster", alone, "CLUSTER"},
      {"cluster t using i", plain, ""},
      {"create database d", alone, "CREATE DATABASE"},
      {"drop database d", alone, "DROP DATABASE"},
      {"alter database d set tablespace x", alone, "ALTER DATABASE SET TABLESPACE"},
      {"alter database d set work_mem = '1MB'", plain, ""},
      {"create tablespace x location '/x'", alone, "CREATE TABLESPACE"},
      {"drop tablespace x", alone, "DROP TABLESPACE"},
      {"alter system set work_mem = '1MB'", alone, "ALTER SYSTEM"},
      {"create subscription s connection '' publication p", alone,
       "CREATE SUBSCRIPTION with a slot"},
      {"create subscription s connection '' publication p with (create_slot = false)", plain, ""},
      {"create subscription s connection '' publication p with (connect = false)", plain, ""},
      {"drop subscription s", alone, "DROP SUBSCRIPTION"},
      {"alter subscription s refresh publication", alone, "ALTER SUBSCRIPTION REFRESH PUBLICATION"},
      {"alter subscription s set publication p", alone, "ALTER SUBSCRIPTION with refresh"},
      {"alter subscription s add publication p with (refresh = false)", plain, ""},
      {"alter subscription s disable", plain, ""},
      {"alter table t detach partition p concurrently", alone,
       "ALTER TABLE DETACH PARTITION CONCURRENTLY"},
      {"alter table t detach partition p", plain, ""},
      {"alter table t detach partition p finalize", plain, ""},
      {"discard all", alone, "DISCARD ALL"},
      {"discard plans", plain, ""},
      {"call refresh_continuous_aggregate('v', null, null)", alone, "refresh_continuous_aggregate"},
      {"call public.refresh_continuous_aggregate('v', null, null)", alone,
       "refresh_continuous_aggregate"},
      {"select reorder_chunk('c', 'i')", alone, "reorder_chunk"},
      {"select create_hypertable('positions', 'time')", plain, ""},
      {"create materialized view v with (timescaledb.continuous) as select 1", alone,
       "CREATE MATERIALIZED VIEW WITH (timescaledb.continuous) WITH DATA"},
      {"create materialized view v with (timescaledb.continuous) as select 1 with no data", plain,
       ""},
      {"create index on t(a) with (timescaledb.transaction_per_chunk)", alone,
       "CREATE INDEX WITH (timescaledb.transaction_per_chunk)"},
      {"create materialized view v as select 1", plain, ""},
      {"refresh materialized view concurrently v", plain, ""},
      {"create index i on t(a)", plain, ""},
      {"create table \"concurrently\" (a int)", plain, ""},
      {"create function f() returns int begin atomic select 1; end", plain, ""},
      {"do $$ begin end $$", plain, ""},
      {"set local work_mem = '1MB'", plain, ""},
      {"prepare q as select 1", plain, ""},
      {"select 'commit; vacuum'", plain, ""},
      {"alter type t add value 'x'", plain, ""},
      {"lock table t", plain, ""},
  };
  for (const Classified& each : cases) {
    const auto statements = split(std::string("-- c\n") + std::string(each.sql) + ";", "f.sql");
    ASSERT_TRUE(statements) << each.sql << ": " << describe(statements.error());
    ASSERT_EQ(statements->size(), 1U) << each.sql;
    EXPECT_EQ(statements->front().cls, each.cls) << each.sql;
    EXPECT_EQ(statements->front().command, each.command) << each.sql;
  }
}

TEST(Split, ASyntaxErrorPointsAtItsPlace) {
  const Error error = error_of("select 1;\nselect 'é', fro m x y;\n");
  EXPECT_EQ(error.where, "f.sql:2");
  EXPECT_EQ(error.why,
            "syntax error at or near \"x\"\n"
            "    select 'é', fro m x y;\n"
            "                      ^");
  EXPECT_FALSE(error.next.empty());
}

TEST(Split, ASyntaxErrorAtTheEndPointsBehindTheLastLine) {
  const Error error = error_of("create table t (\r\n\ta int\r\n\r\n");
  EXPECT_EQ(error.where, "f.sql:2");
  EXPECT_EQ(error.why, "syntax error at end of input\n    \ta int\n    \t     ^");
}

TEST(Split, OpenQuotesAndCommentsAreNamed) {
  EXPECT_THAT(error_of("select 1;\nselect 'abc\n;\n").why, HasSubstr("unterminated quoted string"));
  EXPECT_EQ(error_of("select 1;\nselect 'abc\n;\n").where, "f.sql:2");
  EXPECT_THAT(error_of("select $$abc").why, HasSubstr("unterminated dollar-quoted string"));
  EXPECT_THAT(error_of("select \"abc").why, HasSubstr("unterminated quoted identifier"));
  EXPECT_THAT(error_of("/* /* */ select 1").why, HasSubstr("unterminated /* comment"));
}

TEST(Split, LongLinesAreCutAroundTheCaret) {
  const Error error =
      error_of("select '" + std::string(5000, 'x') + "' fro m x y " + std::string(5000, ' ') + ";");
  EXPECT_LT(error.why.size(), 300U);
  EXPECT_THAT(error.why, HasSubstr("^"));
}

struct Refused {
  std::string_view sql, where, what, next;
};

TEST(Split, WhatOnlyPsqlUnderstandsIsRefusedInItsOwnWords) {
  const std::vector<Refused> cases{
      {"select 1;\n\\i other.sql\n", "f.sql:2", "psql command \\i", "numbered file of its own"},
      {"\\set x 1\nselect :x;\n", "f.sql:1", "psql command \\set", "write the value"},
      {"\\echo it's\n", "f.sql:1", "psql command \\echo", "remove the line"},
      {"select 1 \\gexec\n", "f.sql:1", "psql command \\gexec", "DO block"},
      {"\n\\copy t from 'x.csv' csv\n", "f.sql:2", "psql command \\copy", "INSERT"},
      {"create table t (\n\\i columns.sql\n);", "f.sql:2", "psql command \\i", "numbered file"},
      {"select * from :tab;", "f.sql:1", "psql variable :tab", "value"},
      {"select\n:'name';", "f.sql:2", "psql variable :'name'", "value"},
      {"select :\"name\";", "f.sql:1", "psql variable :\"name\"", "value"},
      {"copy t from stdin;\n", "f.sql:1", "COPY … FROM STDIN", "INSERT"},
      {"select 1;\n-- rows\nCOPY public.t (a, b) FROM stdin WITH (format csv);\n1,2\n\\.\n",
       "f.sql:3", "COPY … FROM STDIN", "INSERT"},
      {"copy t from stdin;\nO'Brien\tx\n\\.\nselect 1;\n", "f.sql:1", "COPY … FROM STDIN",
       "INSERT"},
      {"copy t from stdin;\n'\n\\.\n", "f.sql:1", "COPY … FROM STDIN", "INSERT"},
      {"copy t to stdout", "f.sql:1", "COPY … TO STDOUT", "remove"},
      {"copy (select 1) to stdout", "f.sql:1", "COPY … TO STDOUT", "remove"},
  };
  for (const Refused& each : cases) {
    const Error error = error_of(each.sql);
    EXPECT_EQ(error.where, each.where) << each.sql;
    EXPECT_EQ(error.what, each.what) << each.sql;
    EXPECT_THAT(error.next, HasSubstr(std::string(each.next))) << each.sql;
  }
}

TEST(Split, WhatLooksLikePsqlInsideStringsAndSlicesIsSql) {
  for (const std::string_view sql :
       {"select '\\i other.sql'", "select E'\\\\copy'", "select $$\n\\set x 1\n$$",
        "-- \\i other.sql\nselect 1", "/* \\gexec :x */ select 1", "select a[1:n] from t",
        "select ':x'", "select 1::int", "select \":x\"", "select 'copy t from stdin;'",
        "copy t from '/x.csv'", "copy stdin from '/x.csv'", "do $$ begin x := 1; end $$",
        "comment on table t is 'COPY t FROM STDIN;'"}) {
    const auto statements = split(sql, "f.sql");
    ASSERT_TRUE(statements) << sql << ": " << describe(statements.error());
    EXPECT_EQ(statements->size(), 1U) << sql;
  }
}

TEST(Split, BytesThatAreNotTextAreRefused) {
  using std::string_literals::operator""s;
  EXPECT_EQ(error_of("select 1;\nselect '\0'"s).where, "f.sql:2");
  for (const std::string& bytes : {"\xff"s, "\xc3"s, "\xc0\x80"s, "\xed\xa0\x80"s,
                                   "\xf4\x90\x80\x80"s, "\xe9t\xe9"s, "\xe0\x80\x80"s}) {
    const Error error = error_of("select 1;\n\n-- " + bytes);
    EXPECT_EQ(error.where, "f.sql:3");
    EXPECT_THAT(error.what, HasSubstr("not valid UTF-8"));
  }
  EXPECT_THAT(error_of(std::string(max_text_size + 1, ' ')).what, HasSubstr("16777217 bytes"));
}

TEST(Split, DepthIsAnErrorOrFineButNeverTheEndOfTheProcess) {
  const std::string parentheses =
      "select " + std::string(100'000, '(') + "1" + std::string(100'000, ')');
  EXPECT_THAT(error_of(parentheses).why, HasSubstr("memory exhausted"));
  std::string sum = "select 1";
  for (int i = 0; i < 200'000; ++i) sum += "+1";
  EXPECT_EQ(split(sum, "f.sql")->size(), 1U);
  EXPECT_EQ(split("create view v as " + sum, "f.sql")->size(), 1U);
  const Error error = error_of("create index concurrently i on t ((" + sum.substr(7) + "))");
  EXPECT_THAT(error.what, HasSubstr("too long"));
  EXPECT_EQ(error.where, "f.sql:1");
}

TEST(Split, SixThousandStatementsAreQuick) {
  std::string text;
  for (int i = 0; i < 6000; ++i) {
    text += "insert into classes (id, code, name) values (" + std::to_string(i) +
            ", 'M-1', 'Moto');  -- class\ncreate index i" + std::to_string(i) +
            " on classes (code);\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto statements = split(text, "f.sql");
  const auto hash = token_hash(text);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  ASSERT_EQ(statements->size(), 12000U);
  EXPECT_EQ(statements->back().line, 12000);
  EXPECT_TRUE(hash);
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 3.0);  // 0.1 without sanitizers; a quadratic one takes minutes
}

TEST(Split, ThreadsDoNotMeet) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(split("select 1; vacuum; select $$x$$", "f.sql")->size(), 3U);
        EXPECT_TRUE(split("select fro m x y", "f.sql")->front().unread);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(SourceText, TheCaretStandsUnderItsCharacter) {
  EXPECT_EQ(point_at("abc\ndef\n", 5), "    def\n     ^");
  EXPECT_EQ(point_at("", 0), "    \n    ^");
  EXPECT_EQ(point_at("abc", 3), "    abc\n       ^");
  EXPECT_EQ(point_at("\néé x", 6), "    éé x\n       ^");
  EXPECT_EQ(line_at("a\nb\n", 2), 2);
  EXPECT_EQ(byte_offset("éab", 2), 2U);
  EXPECT_EQ(byte_offset("ab \n", 99), 2U);
  EXPECT_EQ(place("", 3), "line 3");
}

}  // namespace
}  // namespace reconcile::sql
