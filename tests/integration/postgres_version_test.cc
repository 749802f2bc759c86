#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/pass_fixture.h"

// What differs between the versions of PostgreSQL. The server is the one of the other tests: by
// default Debian's 15, with RECONCILE_POSTGRES_BIN any other; tests/postgres-versions runs them
// all.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresVersions : public PassTest {
 protected:
  int major() const { return std::stoi(database.value("show server_version_num")) / 10'000; }
  std::string fingerprint() const {
    return boost::json::parse(run({"plan", "--output", "json"}).out)
        .as_object()
        .at("fingerprint")
        .as_string()
        .c_str();
  }
};

// ---- what the fingerprint sees

struct Change {
  std::string name;
  int since;  ///< the first version that has it
  std::string before, change;
};

std::ostream& operator<<(std::ostream& stream, const Change& change) {
  return stream << change.name;
}

const std::vector<Change>& changes() {
  static const std::vector<Change> all = {
      {"UniqueNullsNotDistinct", 15, "create table t (a int, constraint u unique (a))",
       "alter table t drop constraint u, add constraint u unique nulls not distinct (a)"},
      {"ViewWithItsInvokersRights", 15, "create view v as select 1 as a",
       "alter view v set (security_invoker = true)"},
      {"NotNull", 14, "create table t (a int)", "alter table t alter a set not null"},
      {"NameOfNotNull", 18, "create table t (a int constraint n not null)",
       "alter table t rename constraint n to m"},
      {"NotNullNotValid", 18, "create table t (a int); insert into t values (null)",
       "alter table t add constraint n not null a not valid"},
      {"StoredColumn", 14, "create table t (a int)",
       "alter table t add b int generated always as (a * 2) stored"},
      {"VirtualColumn", 18, "create table t (a int)",
       "alter table t add b int generated always as (a * 2) virtual"},
      {"ExpressionOfAVirtualColumn", 18,
       "create table t (a int, b int generated always as (a * 2) virtual)",
       "alter table t alter b set expression as (a * 3)"},
      {"NotEnforced", 18,
       "create table s (a int primary key); create table t (a int constraint f references s)",
       "alter table t alter constraint f not enforced"},
      {"WithoutOverlaps", 18,
       "create table t (a int4range, b daterange, constraint u unique (a, b))",
       "alter table t drop constraint u, add constraint u unique (a, b without overlaps)"},
  };
  return all;
}

class PostgresVersionsFingerprint : public PostgresVersions,
                                    public testing::WithParamInterface<Change> {};

TEST_P(PostgresVersionsFingerprint, SeesTheChange) {
  const Change& change = GetParam();
  if (major() < change.since) GTEST_SKIP() << "needs PostgreSQL " << change.since;
  repo.commit("README.md", "", "Nothing");
  database.execute(change.before);
  const std::string before = fingerprint();
  EXPECT_EQ(fingerprint(), before);
  database.execute(change.change);
  EXPECT_NE(fingerprint(), before);
}

INSTANTIATE_TEST_SUITE_P(All, PostgresVersionsFingerprint, testing::ValuesIn(changes()), case_name);

// ---- SQL that is newer than the built-in grammar

struct Newer {
  std::string name;
  int since;
  std::string sql;    ///< needs `devices`
  std::string proof;  ///< a query that says "t" afterwards
};

std::ostream& operator<<(std::ostream& stream, const Newer& newer) { return stream << newer.name; }

const std::vector<Newer>& newer_sql() {
  static const std::vector<Newer> all = {
      {"Storage16", 16,
       "alter table devices add s text;\ncreate table logs (a text storage external);",
       "select attstorage = 'e' from pg_attribute where attrelid = 'logs'::regclass and attname = "
       "'a'"},
      {"JsonObject16", 16, "insert into devices (id) select (json_object('n': 7)->>'n')::int;",
       "select exists (select from devices where id = 7)"},
      {"Numbers16", 16, "insert into devices (id) values (1_000), (0xFF);",
       "select count(*) = 2 from devices where id in (1000, 255)"},
      {"JsonTable17", 17,
       "insert into devices (id) select n from json_table('[5, 6]', '$[*]' columns (n int path "
       "'$'));",
       "select count(*) = 2 from devices where id in (5, 6)"},
      {"MergeReturning17", 17,
       "with merged as (merge into devices d using (values (8)) as v (id) on d.id = v.id when not "
       "matched then insert (id) values (v.id) returning d.id) insert into devices (id) select id "
       "+ "
       "1 from merged;",
       "select count(*) = 2 from devices where id in (8, 9)"},
      {"BodyWithNewerStatements17", 17,
       "create procedure fill() begin atomic\n  insert into devices (id) select n from "
       "json_table('[3]', '$[*]' columns (n int path '$'));\n  select case when true then 1 end;\n"
       "end;\ncall fill();",
       "select exists (select from devices where id = 3)"},
      {"VirtualColumn18", 18,
       "alter table devices add twice int generated always as (id * 2) virtual;",
       "select attgenerated = 'v' from pg_attribute where attrelid = 'devices'::regclass and "
       "attname = 'twice'"},
      {"NotNullNotValid18", 18,
       "alter table devices add name text;\nalter table devices add constraint named not null name "
       "not valid;",
       "select not convalidated from pg_constraint where conname = 'named'"},
      {"WithoutOverlaps18", 18,
       "create table bookings (room int4range, at tstzrange, primary key (room, at without "
       "overlaps));",
       "select conperiod from pg_constraint where conname = 'bookings_pkey'"},
      {"OldAndNew18", 18,
       "update devices set id = id + 1 where id = 1 returning with (old as o) o.id;",
       "select exists (select from devices where id = 2)"},
  };
  return all;
}

class PostgresVersionsSql : public PostgresVersions, public testing::WithParamInterface<Newer> {
 protected:
  void SetUp() override {
    repo.write("migrations/pre/001_devices.sql",
               "create table devices (id int); insert into devices values (1);");
    repo.commit("migrations/pre/002_newer.sql", "-- Newer.\nselect 1;\n" + GetParam().sql, "Newer");
  }
};

TEST_P(PostgresVersionsSql, RunsWhereTheServerReadsItAndIsAnErrorElsewhere) {
  const Newer& newer = GetParam();
  const std::string before = database.dump();
  const Ran planned = run({"plan"});
  EXPECT_EQ(database.dump(), before);
  if (major() < newer.since) {
    EXPECT_EQ(planned.exit_code, 1) << planned;
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 1) << ran;
    for (const Ran* each : {&planned, &ran}) {
      EXPECT_THAT(each->err, AllOf(HasSubstr("migrations/pre/002_newer.sql:"), HasSubstr("^"),
                                   HasSubstr("  next:")))
          << *each;
    }
    EXPECT_EQ(database.value("select to_regclass('devices') is null"), "t");
    return;
  }
  EXPECT_EQ(planned.exit_code, 2) << planned;
  EXPECT_THAT(planned.err,
              AllOf(HasSubstr("migrations/pre/002_newer.sql:"),
                    HasSubstr("not understood by the built-in parser (PostgreSQL 15 grammar)")));
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value(newer.proof), "t");
  const Ran again = once();
  EXPECT_TRUE(again.exit_code == 0 && again.says("in sync")) << again;
}

INSTANTIATE_TEST_SUITE_P(All, PostgresVersionsSql, testing::ValuesIn(newer_sql()), case_name);

// ---- what no server reads

TEST_F(PostgresVersions, ATypoIsFoundBeforeAnythingRunsWhateverTheVersion) {
  repo.commit("migrations/pre/001_a.sql",
              "create table devices (id int);\n\ncreate table logs (\n  id int,\n  at timestampz "
              "not nul\n);\n",
              "Typo");
  for (const Words& command : {Words{"plan"}, Words{"--once"}}) {
    const Ran ran = run(command);
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("migrations/pre/001_a.sql:5"), HasSubstr("nul"),
                               HasSubstr("  at timestampz not nul"), HasSubstr("  next:")))
        << ran;
  }
  EXPECT_EQ(database.value("select to_regclass('devices') is null"), "t");
}

TEST_F(PostgresVersions, ATypoBesideNewerSqlIsFoundAtItsPlace) {
  if (major() < 18) GTEST_SKIP() << "needs PostgreSQL 18";
  repo.commit("migrations/pre/001_a.sql",
              "create table t (\n  a int,\n  b int generated always as (a * 2) virtual,\n  c int "
              "not nul\n);\n",
              "Typo");
  const Ran ran = run({"plan"});
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("migrations/pre/001_a.sql:4"), HasSubstr("nul")));
}

TEST_F(PostgresVersions, WhatHidesACommitChangesNothing) {
  // The splitter takes it for a body; the server would see three statements.
  repo.commit(
      "migrations/pre/001_a.sql",
      "create table devices (id int);\nselect 1_0;\nselect 1 from begin atomic; commit; end;",
      "Hidden");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_EQ(database.value("select to_regclass('devices') is null"), "t");
}

TEST_F(PostgresVersions, WhatASyntaxCheckCannotSeeRollsEverythingBack) {
  if (major() < 17) GTEST_SKIP() << "needs PostgreSQL 17";
  // Its table is made by the same revision, so that a check may not look for it.
  repo.commit(
      "migrations/pre/001_a.sql",
      "create table made (id int);\ninsert into made select n from json_table('[1]', '$[*]' "
      "columns (n int path '$'));\ninsert into missing select n from json_table('[1]', "
      "'$[*]' columns (n int path '$'));\n",
      "Missing");
  EXPECT_EQ(run({"plan"}).exit_code, 2);
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("migrations/pre/001_a.sql:3"), HasSubstr("missing")));
  EXPECT_EQ(database.value("select to_regclass('made') is null"), "t");
}

}  // namespace
}  // namespace reconcile::test
