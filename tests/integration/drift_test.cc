#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/drift_cases.h"
#include "tests/support/pass_fixture.h"

// What is changed by hand, of every kind of object: it is found, healed where git owns it, and the
// database is then to the letter what it was. The inventory's view of an apply: who made what.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DriftTest : public PassTest {
 protected:
  void SetUp() override {
    repo.write("migrations/pre/001_telemetry.sql", one_of_everything);
    repo.commit(kSnapshot, SnapshotText().collection("clubs").text("clubs.name").str(),
                "Everything");
    const Ran ran = once();
    ASSERT_EQ(ran.exit_code, 0) << ran;
  }

  boost::json::object drift_report() const {
    const Ran ran = run({"drift", "--output", "json"});
    EXPECT_THAT(ran.exit_code, testing::AnyOf(0, 2)) << ran;
    return boost::json::parse(ran.out).as_object();
  }
  /// "missing index telemetry.devices_name", one a line.
  std::string drift() const {
    const boost::json::object report = drift_report();
    std::string text;
    for (const auto& entry : report.at("drift").as_array()) {
      text += entry.at("kind").as_string();
      text += ' ';
      text += entry.at("object").as_string();
      text += '\n';
    }
    return text;
  }
  std::string fingerprint() const { return drift_report().at("fingerprint").as_string().c_str(); }
};

class DriftKinds : public DriftTest, public testing::WithParamInterface<DriftCase> {};

TEST_P(DriftKinds, IsFoundAndHealed) {
  const DriftCase& test = GetParam();
  EXPECT_EQ(drift(), "");
  const std::string before = fingerprint();
  database.execute(test.by_hand);
  const std::string found = drift();
  EXPECT_THAT(found, HasSubstr(test.kind + " " + test.object + "\n"));
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  if (test.healed) {
    EXPECT_EQ(drift(), "") << healed;
    EXPECT_EQ(fingerprint(), before) << healed;
  } else {
    EXPECT_EQ(drift(), found) << healed;
  }
  EXPECT_EQ(once().exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(All, DriftKinds, testing::ValuesIn(drift_cases()), case_name);

// ---- what is not drift

// A random history found this: while the newest commit was held, `drift` looked at nothing but
// unmanaged collections, and said that nothing had drifted.
TEST_F(DriftTest, IsLookedForAlsoWhileTheNewestCommitIsHeld) {
  const std::string first = repo.id_of("HEAD");
  repo.commit("Nothing new");
  EXPECT_EQ(once().exit_code, 0);
  repo.reset(first);
  repo.commit("Aside");
  EXPECT_EQ(once().exit_code, 3);
  EXPECT_EQ(run({"drift"}).exit_code, 0);
  database.execute("drop index telemetry.devices_name; alter table clubs add column hand integer");
  EXPECT_EQ(run({"drift"}).exit_code, 2);
  EXPECT_THAT(drift(), AllOf(HasSubstr("missing index telemetry.devices_name"),
                             HasSubstr("unmanaged column public.clubs.hand")));
}

// The newest commit removes what somebody changed: a conflict of that commit, and drift all the
// same.
TEST_F(DriftTest, IsNoLessForAConflictOfTheNewestCommit) {
  database.execute("update directus_fields set note = 'By hand' where field = 'name'");
  repo.commit(kSnapshot, SnapshotText().collection("clubs").str(), "Without names");
  EXPECT_EQ(once().exit_code, 3);
  EXPECT_EQ(run({"drift"}).exit_code, 2);
  EXPECT_THAT(drift(), HasSubstr("altered field clubs.name"));
}

TEST_F(DriftTest, IsNotDeniedWhereThereIsNothingToCompareWith) {
  Checkout other;
  other.repo.commit("Another repository");
  const Ran ran = other.run(database.conninfo(), {"drift"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.out, Not(HasSubstr("nothing has drifted")));
  EXPECT_THAT(ran.err, HasSubstr("UnprovenRevision"));
}

TEST_F(DriftTest, MaintenanceIsNotDrift) {
  const std::string before = fingerprint();
  for (const char* sql : {"vacuum full", "analyze", "reindex table telemetry.devices"})
    database.execute(sql);
  database.execute("insert into telemetry.devices (battery) values (5)");
  database.execute("refresh materialized view telemetry.counts");
  EXPECT_EQ(drift(), "");
  EXPECT_EQ(fingerprint(), before);
}

// PostgreSQL 15.20 keeps a number of its own with each column, another one whenever a table is made
// anew: after that upgrade every restored and every healed table was another one. Written here as
// any server has it, since one before 15.20 does not know the setting.
TEST_F(DriftTest, WhatTheServerKeepsWithAColumnIsNotDrift) {
  const std::string before = fingerprint();
  database.execute(
      "update pg_attribute set attoptions = '{pg_attver=801572488}' "
      "where attrelid = 'telemetry.devices'::regclass and attnum > 0");
  EXPECT_EQ(drift(), "");
  EXPECT_EQ(fingerprint(), before);
  database.execute(
      "update pg_attribute set attoptions = '{n_distinct=5}' "
      "where attrelid = 'telemetry.devices'::regclass and attname = 'battery'");
  EXPECT_EQ(drift(), "altered column telemetry.devices.battery\n");
  EXPECT_EQ(run({"heal"}).exit_code, 0);
  EXPECT_EQ(fingerprint(), before);
}

// A database restored from a dump is the same database: sequences, partitions, grants, metadata
// rows and all.
TEST_F(DriftTest, ARestoredDumpIsNotDrift) {
  const std::string before = fingerprint();
  TestDatabase copy(TestServer::shared(), TestDatabase::Contents::Nothing);
  const TempFolder folder;
  const std::string file = folder.path() / "dump.sql";
  const Ran dumped = run_program({"pg_dump", "--no-owner", "--file", file, database.conninfo()}, {},
                                 folder.path());
  if (dumped.exit_code == 127 || dumped.err.find("version mismatch") != std::string::npos)
    GTEST_SKIP() << "needs a pg_dump of the server's version";
  ASSERT_EQ(dumped.exit_code, 0) << dumped;
  const Ran restored =
      run_program({"psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", file, copy.conninfo()},
                  {}, folder.path());
  ASSERT_EQ(restored.exit_code, 0) << restored;
  const Ran ran = checkout.run(copy.conninfo(), {"drift", "--output", "json"});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(boost::json::parse(ran.out).at("fingerprint").as_string(), before);
}

TEST_F(DriftTest, AServerThatStartsAgainIsNotDrift) {
  auto started = std::make_unique<TestServer>();
  auto copy = std::make_unique<TestDatabase>(*started);
  const auto report = [&] {
    const Ran ran = checkout.run(copy->conninfo(), {"drift", "--output", "json"});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return std::string(boost::json::parse(ran.out).at("fingerprint").as_string());
  };
  ASSERT_EQ(checkout.run(copy->conninfo(), {"--once"}).exit_code, 0);
  const std::string before = report();
  started->server().restart();
  EXPECT_EQ(report(), before);
}

// directus#18067: SQL of a revision may change what its snapshot says. What it then is, is git's.
TEST_F(DriftTest, WhatSqlMadeOfTheSnapshotIsGits) {
  repo.commit("migrations/post/001_name.sql", "alter table clubs alter column name set not null;",
              "Default");
  const Ran ran = once();
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(drift(), "");
  EXPECT_EQ(run({"heal"}).exit_code, 0);
  const std::string nullable =
      "select not attnotnull from pg_attribute where attrelid = 'clubs'::regclass and attname = "
      "'name'";
  EXPECT_EQ(database.value(nullable), "f");
  // A later change of the snapshot leaves it as it is, and finds no fault with it.
  repo.write("migrations/pre/002_more.sql", "create table telemetry.more (id integer);");
  repo.commit(kSnapshot,
              SnapshotText().collection("clubs").text("clubs.name").text("clubs.city").str(),
              "City");
  const Ran later = once();
  EXPECT_EQ(later.exit_code, 0) << later;
  EXPECT_EQ(database.value(nullable), "f");
  EXPECT_EQ(drift(), "");
  // Now it is what the snapshot says, and no longer what git made of it.
  database.execute("alter table clubs alter column name drop not null");
  EXPECT_EQ(drift(), "altered column public.clubs.name\n");
  EXPECT_EQ(run({"heal"}).exit_code, 0);
  EXPECT_EQ(database.value(nullable), "f");
  // Healing what the snapshot says of a field leaves what SQL has made of it.
  database.execute("update directus_fields set note = 'x' where field = 'name'");
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(drift(), "");
  EXPECT_EQ(database.value(nullable), "f");
}

TEST_F(DriftTest, NamedPatternsAreNobodysBusiness) {
  database.execute(
      "create schema scratch; create table scratch.t (id integer primary key); drop index "
      "telemetry.devices_name");
  const std::string config = checkout.state.path() / "reconcile.yaml";
  std::ofstream(config) << "targets:\n  default:\n    drift:\n      ignore: [\"* scratch*\", "
                           "\"index telemetry.devices_*\"]\n";
  const Ran ran = run({"drift", "--config", config});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(run({"heal", "--config", config}).exit_code, 0);
  EXPECT_EQ(database.value("select to_regclass('telemetry.devices_name') is null"), "t");
}

// ---- who made it

// The incident's second fault: the constraint was gone, and the table of applied migrations said
// that it was there.
TEST_F(DriftTest, AConstraintOfARecordedMigrationComesBack) {
  database.execute("insert into telemetry.devices (battery) values (5), (6)");
  database.execute("alter table telemetry.devices drop constraint battery_known");
  const Ran plan = run({"plan"});
  EXPECT_THAT(plan.out, AllOf(HasSubstr("missing   constraint telemetry.devices.battery_known"),
                              HasSubstr("migrations/pre/001_telemetry.sql")));
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(drift(), "");
  EXPECT_EQ(count("telemetry.devices"), "2");
}

// Directus calls a column indexed whatever index covers it. One that git did not make is somebody's
// own: healing the field must not take it away.
TEST_F(DriftTest, HealingAFieldLeavesSomebodysIndex) {
  repo.commit(kSnapshot,
              SnapshotText()
                  .collection("clubs")
                  .field("clubs.name", "character varying",
                         "max_length: 255, is_nullable: true, is_indexed: false, is_unique: false",
                         "note: null")
                  .str(),
              "Keys of the name");
  ASSERT_EQ(once().exit_code, 0);
  database.execute(
      "create index my_own on clubs (name); alter table clubs add constraint mine unique (name);"
      "update directus_fields set note = 'x' where field = 'name'");
  EXPECT_THAT(drift(), HasSubstr("altered field clubs.name\n"));
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_THAT(healed.err, HasSubstr("field clubs.name is not healed of an index or constraint that "
                                    "is not git's"));
  EXPECT_EQ(database.value("select count(*) from pg_class where relname in ('my_own', 'mine')"),
            "2");
  EXPECT_EQ(database.value("select note is null from directus_fields where field = 'name'"), "t");
  EXPECT_THAT(drift(), HasSubstr("altered field clubs.name\n"));
  // The way out that the message names.
  database.execute("drop index my_own; alter table clubs drop constraint mine");
  EXPECT_EQ(drift(), "");
}

// What the snapshot cannot say about its own tables is found there as well.
TEST_F(DriftTest, WhatIsPutOnASnapshotsTableByHandIsFound) {
  database.execute(
      "create trigger touched before update on clubs for each row execute function "
      "telemetry.touch();"
      "create index clubs_both on clubs (name, id); create index clubs_some on clubs (name) where "
      "name <> '';"
      "alter table clubs add constraint named check (name <> '');"
      "comment on table clubs is 'x'; grant select on clubs to pg_monitor");
  EXPECT_EQ(drift(),
            "unmanaged comment on table public.clubs\n"
            "unmanaged constraint public.clubs.named\n"
            "unmanaged grant on table public.clubs to pg_monitor\n"
            "unmanaged index public.clubs_both\n"
            "unmanaged index public.clubs_some\n"
            "unmanaged trigger public.clubs.touched\n");
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(database.value("select count(*) from pg_trigger where tgrelid = 'clubs'::regclass and "
                           "tgname = 'touched'"),
            "1");
}

// A table that the snapshot makes is lost with what SQL has made for it.
TEST_F(DriftTest, WhatStoodOnALostTableComesBackWithIt) {
  repo.commit("migrations/post/001_clubs.sql",
              "alter table clubs add constraint named check (name <> '');\n"
              "create index clubs_lower on clubs (lower(name));\n"
              "comment on table clubs is 'Where people meet';",
              "Clubs");
  ASSERT_EQ(once().exit_code, 0);
  const std::string before = fingerprint();
  database.execute("drop table clubs");
  EXPECT_EQ(drift(), "missing collection clubs\n");
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(drift(), "") << healed;
  EXPECT_EQ(fingerprint(), before);
}

// By name the first stands on the second, and that, of another kind, on the third.
TEST_F(DriftTest, AChainOfViewsComesBackFromTheBottom) {
  repo.commit("migrations/post/001_views.sql",
              "create view telemetry.c as select 1 as n;\n"
              "create materialized view telemetry.b as select n from telemetry.c;\n"
              "create view telemetry.a as select n from telemetry.b;\n"
              "create view telemetry.aa as select n from telemetry.a;",
              "Views");
  ASSERT_EQ(once().exit_code, 0);
  const std::string before = fingerprint();
  database.execute("drop view telemetry.c cascade");
  const Ran healed = run({"heal"});
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(drift(), "") << healed;
  EXPECT_EQ(fingerprint(), before);
}

// Whoever pushes an old commit still learns what has happened to the database.
TEST_F(DriftTest, ARefusedRevisionTellsDriftAsWell) {
  const std::string first = repo.id_of("HEAD");
  repo.commit("migrations/post/001_more.sql", "create table telemetry.more (n integer)", "More");
  ASSERT_EQ(once().exit_code, 0);
  database.execute("create index by_hand on telemetry.more (n)");
  const Ran ran = once({"--revision", first, "--output", "json"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("StaleRevision"), HasSubstr("telemetry.by_hand")));
}

TEST_F(DriftTest, BlameNamesCommitFileAndLine) {
  repo.commit("migrations/post/001_names.sql",
              "-- Longer names only.\n\ncreate or replace view telemetry.long_names as\n"
              "  select name from telemetry.names where length(name) > 20;",
              "Long names");
  ASSERT_EQ(once().exit_code, 0);
  const Ran view = run({"blame", "telemetry.long_names"});
  EXPECT_THAT(view.out,
              AllOf(HasSubstr("view telemetry.long_names  as git made it"),
                    HasSubstr("migrations/pre/001_telemetry.sql:26 of "), HasSubstr("Everything"),
                    HasSubstr("changed  migrations/post/001_names.sql of ")));
  const Ran field = run({"blame", "clubs.name"});
  EXPECT_THAT(field.out,
              AllOf(HasSubstr("field clubs.name  as git made it"),
                    HasSubstr("column public.clubs.name"), HasSubstr("snapshots/schema.yaml:")));
  database.execute("drop view telemetry.long_names");
  EXPECT_THAT(run({"blame", "long_names"}).out, HasSubstr("missing: not in the database any more"));
  const Ran nothing = run({"blame", "clubs.nowhere"});
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("nothing is known of an object called clubs.nowhere"));
}

// What somebody did by hand before a revision is not that revision's work.
TEST_F(DriftTest, AnApplyDoesNotClaimWhatWasChangedByHand) {
  database.execute(
      "drop index telemetry.devices_name; create view telemetry.by_hand as select 1 as a");
  const std::string before = drift();
  repo.commit("migrations/post/001_view.sql", "create view telemetry.two as select 2 as a;", "Two");
  ASSERT_EQ(once().exit_code, 0);
  EXPECT_EQ(drift(), before);
  EXPECT_EQ(before, "missing index telemetry.devices_name\nunmanaged view telemetry.by_hand\n");
}

// ---- what a target does about it

class DriftPolicies : public DriftTest {
 protected:
  Ran once_with(const std::string& policy) {
    const std::string config = checkout.state.path() / "reconcile.yaml";
    std::ofstream(config) << fmt::format("targets:\n  default:\n    drift: {}\n", policy);
    return run({"--once", "--config", config});
  }
};

TEST_F(DriftPolicies, HoldAppliesNothingOverDrift) {
  database.execute("drop index telemetry.devices_name");
  EXPECT_EQ(once_with("hold").exit_code, 0);  // nothing new, so nothing is held
  repo.commit("migrations/post/001_view.sql", "create view telemetry.two as select 2 as a;", "Two");
  const Ran held = once_with("hold");
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("DriftDetected"), HasSubstr("index telemetry.devices_name"),
                              HasSubstr("reconcile heal")));
  // The way out that the message names.
  EXPECT_EQ(run({"heal"}).exit_code, 0);
  EXPECT_EQ(once_with("hold").exit_code, 0);
  EXPECT_EQ(drift(), "");
}

TEST_F(DriftPolicies, HealComesByItself) {
  database.execute("drop index telemetry.devices_name");
  const Ran healed = once_with("heal");
  EXPECT_EQ(healed.exit_code, 0) << healed;
  EXPECT_EQ(drift(), "");
  const Ran again = once_with("heal");
  EXPECT_THAT(again.out, HasSubstr("in sync"));
}

// A ledger from before there was an inventory: the next pass makes one, and what drifted stays
// drift.
TEST_F(DriftTest, AnEarlierLedgerGetsAnInventory) {
  database.execute(
      "update directus_fields set note = 'x' where collection = 'clubs' and field = 'name'");
  database.execute(
      "drop table reconcile.inventory, reconcile.inventory_change; update reconcile.revision set "
      "inventory_format = '';"
      "alter table reconcile.revision drop column inventory_format; comment on schema reconcile is "
      "'x'");
  EXPECT_EQ(drift(), "altered field clubs.name\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(drift(), "altered field clubs.name\n");
  EXPECT_EQ(database.value("select count(*) from reconcile.inventory where name = "
                           "'public.clubs.id' and definition is not null"),
            "1");
}

}  // namespace
}  // namespace reconcile::test
