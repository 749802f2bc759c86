#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/pass_fixture.h"

// `reconcile rollback`: back on purpose, and no way forward again but by a newer commit.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Rollback : public PassTest {
 protected:
  static SnapshotText clubs(const std::string& note) {
    SnapshotText snapshot;
    snapshot.collection("clubs").text("clubs.name", note);
    return snapshot;
  }
  std::string note() const {
    return database.value("select note from directus_fields where field = 'name'");
  }
  /// "outcome commit base" of the newest row, with commits by their names here.
  std::string newest_row() const {
    return database.value(
        "select concat_ws(' ', outcome, commit, base, coalesce(rolled_back_from, '-')) from "
        "reconcile.revision where applied order by id desc limit 1");
  }
  /// Two revisions, of which the second is applied.
  void apply_two() {
    first = apply(kSnapshot, clubs("One"), "One");
    second = apply(kSnapshot, clubs("Two"), "Two");
  }
  Ran rollback(const std::string& to, const Words& more = {"--yes"}) const {
    Words command = {"rollback", "--to", to};
    command.insert(command.end(), more.begin(), more.end());
    return run(std::move(command));
  }
  /// A pass that is held, says these words, and changes nothing.
  void expect_held(const Ran& ran, const std::string& reason, const Words& words) const {
    EXPECT_EQ(ran.exit_code, 3) << ran;
    EXPECT_THAT(ran.err, HasSubstr("held " + reason + ": "));
    for (const std::string& word : words) EXPECT_THAT(ran.err, HasSubstr(word));
  }

  std::string first, second;
};

TEST_F(Rollback, ShowsItsPlanAndWritesNothing) {
  apply_two();
  const std::string before = database.dump(), rows = ledger();
  const Ran ran = rollback(first, {});
  EXPECT_EQ(ran.exit_code, 2) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Two"), HasSubstr("One"), HasSubstr("SQL is not undone"),
                             HasSubstr("--yes")));
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(ledger(), rows);
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(note(), "Two");
}

TEST_F(Rollback, StaysUntilANewerCommitArrives) {
  apply_two();
  const Ran back = rollback(first.substr(0, 10));
  EXPECT_EQ(back.exit_code, 0) << back;
  EXPECT_EQ(note(), "One");
  EXPECT_EQ(newest_row(), "rolled-back " + first + " " + second + " " + second);
  EXPECT_THAT(run({"history"}).out, AllOf(HasSubstr("rolled-back"), HasSubstr("1 steps")));

  const std::string before = database.dump();
  for (int pass = 0; pass < 2; ++pass)
    expect_held(once(), "StaleRevision",
                {"rolled back from " + second.substr(0, 10), "to " + first.substr(0, 10),
                 "push a commit on top of " + second.substr(0, 10)});
  EXPECT_EQ(once({"--revision", first}).exit_code, 0);
  EXPECT_EQ(database.dump(), before);
  expect_held(once(), "StaleRevision", {"rolled back from"});

  const std::string third = repo.commit(kSnapshot, clubs("Three"), "Three");
  const Ran ahead = once();
  EXPECT_EQ(ahead.exit_code, 0) << ahead;
  EXPECT_EQ(note(), "Three");
  EXPECT_EQ(newest_row(), "applied " + third + " " + first + " -");
  EXPECT_EQ(once().exit_code, 0);
  expect_held(once({"--revision", second}), "StaleRevision", {"is older than"});
}

TEST_F(Rollback, CanBeTakenBackAndRepeated) {
  const std::string zero = apply(kSnapshot, clubs("Zero"), "Zero");
  apply_two();
  EXPECT_EQ(rollback(first).exit_code, 0);
  EXPECT_EQ(rollback(zero).exit_code, 0);
  EXPECT_EQ(note(), "Zero");
  EXPECT_EQ(newest_row(), "rolled-back " + zero + " " + first + " " + second);
  EXPECT_EQ(rollback(first).exit_code, 0);
  EXPECT_EQ(note(), "One");
  const std::string rows = ledger();
  const Ran same = rollback(first);
  EXPECT_EQ(same.exit_code, 0) << same;
  EXPECT_THAT(same.out, HasSubstr("nothing to do"));
  EXPECT_EQ(ledger(), rows);
  EXPECT_EQ(rollback(second).exit_code, 0);
  EXPECT_EQ(newest_row(), "applied " + second + " " + first + " -");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(note(), "Two");
}

// The same files in two commits: there is nothing to do in the database, but the loop must know.
TEST_F(Rollback, WithoutAStepIsRecordedAsWell) {
  first = apply(kSnapshot, clubs("One"), "One");
  second = repo.commit("Nothing new");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(rollback(first, {}).exit_code, 2);
  EXPECT_EQ(rollback(first).exit_code, 0);
  EXPECT_EQ(newest_row(), "rolled-back " + first + " " + second + " " + second);
  expect_held(once(), "StaleRevision", {"rolled back from"});
}

TEST_F(Rollback, DestroysNothing) {
  first = apply(kSnapshot, clubs("One"), "One");
  second = apply(kSnapshot, clubs("One").text("clubs.city"), "City");
  database.execute("insert into clubs (id, name, city) values (gen_random_uuid(), 'c', 'Tirana')");
  const std::string before = database.dump();
  const Ran ran = rollback(first);
  expect_held(ran, "DestructiveChange",
              {"field clubs.city", "1 row at stake", "Allow-Destructive: field clubs.city",
               "reconcile approve --rollback-to " + first.substr(0, 10) + " --plan "});
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(once().exit_code, 0) << "it did not roll back, so nothing is held";
  repo.write(kSnapshot, clubs("One"));
  repo.commit("Revert\n\nAllow-Destructive: field clubs.city\n");
  EXPECT_EQ(once().exit_code, 0) << "the way out";
}

TEST_F(Rollback, WhatItLosesCanBeApproved) {
  first = apply(kSnapshot, clubs("One"), "One");
  second = apply(kSnapshot, clubs("One").text("clubs.city"), "City");
  database.execute("insert into clubs (id, name, city) values (gen_random_uuid(), 'c', 'Tirana')");
  EXPECT_EQ(run({"approve", "--rollback-to", first}).exit_code, 0);
  const Ran ran = rollback(first);
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(newest_row(), "rolled-back " + first + " " + second + " " + second);
  const Ran back = run({"restore", "field clubs.city"});
  EXPECT_EQ(back.exit_code, 0) << back;
  EXPECT_EQ(database.value("select city from clubs"), "Tirana");
}

TEST_F(Rollback, GivesARenamedFieldItsNameBack) {
  const auto named = [](const std::string& name) {
    SnapshotText snapshot;
    snapshot.collection("clubs").text("clubs." + name);
    return snapshot;
  };
  first = apply(kSnapshot, named("name"), "One");
  database.execute("insert into clubs (id, name) values (gen_random_uuid(), 'Partizani')");
  apply(kSnapshot, named("title"), "Two\n\nRename: field clubs.name to clubs.title\n");
  const Ran ran = rollback(first);
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select name from clubs"), "Partizani");
}

TEST_F(Rollback, LeavesWhatSqlDid) {
  first = apply(kSnapshot, clubs("One"), "One");
  repo.write("migrations/post/001_log.sql", "create table log (n integer);");
  second = apply(kSnapshot, clubs("Two"), "Two");
  const Ran ran = rollback(first);
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("post/001_log.sql"), HasSubstr("what it did stays")));
  EXPECT_EQ(count("log"), "0");
  EXPECT_EQ(count("reconcile.migration"), "1");
  repo.commit(kSnapshot, clubs("Three"), "Three");
  const Ran ahead = once();
  EXPECT_EQ(ahead.exit_code, 0) << ahead << "the file does not run a second time";
}

TEST_F(Rollback, OnlyGoesWhereTheDatabaseHasBeen) {
  const std::string nothing = repo.commit(kSnapshot, clubs("Zero"), "Zero");
  const Ran never = rollback(nothing);
  EXPECT_EQ(never.exit_code, 1) << never;
  EXPECT_THAT(never.err, HasSubstr("there is nothing to roll back"));
  apply_two();
  const std::string newer = repo.commit(kSnapshot, clubs("Three"), "Three");
  expect_held(rollback(newer), "DivergedRevision", {"is newer", "reconcile --once"});
  repo.checkout(first);
  const std::string aside = repo.branch("aside").commit(kSnapshot, clubs("Aside"), "Aside");
  expect_held(rollback(aside), "DivergedRevision", {"cannot have been at it", "git log"});
  EXPECT_EQ(rollback("nowhere").exit_code, 1);
  EXPECT_EQ(run({"rollback"}).exit_code, 64);
  EXPECT_EQ(note(), "Two");
}

// Who resets the branch instead of reverting says so with a merge that changes no file.
TEST_F(Rollback, ABranchThatWasResetNamesItsWayOut) {
  apply_two();
  EXPECT_EQ(rollback(first).exit_code, 0);
  repo.run({"tag", "before", second});
  repo.reset(first);
  repo.commit(kSnapshot, clubs("Other"), "Other");
  expect_held(once(), "DivergedRevision",
              {"does not build on " + second.substr(0, 10), "git merge --strategy=ours"});
  repo.run({"merge", "--quiet", "--strategy=ours", "--message", "Instead", second});
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(note(), "Other");
}

TEST_F(Rollback, ALedgerOfAnEarlierVersionIsReadAndCompleted) {
  apply_two();
  database.execute(
      "alter table reconcile.revision drop column rolled_back_from;"
      "comment on schema reconcile is 'Ledger of the reconcile controller: do not edit by hand'");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(rollback(first).exit_code, 0);
  expect_held(once(), "StaleRevision", {"rolled back from"});
}

TEST_F(Rollback, ATargetThatIsNotToBeChangedIsNot) {
  apply_two();
  EXPECT_EQ(rollback(first, {"--yes", "--mode", "dry-run"}).exit_code, 2);
  EXPECT_EQ(rollback(first, {"--yes", "--mode", "skip"}).exit_code, 0);
  EXPECT_EQ(note(), "Two");
}

// A pass that has planned before others have applied its revision and rolled it back finds the
// same commit as base, but not the same row. (Its lease would keep the others out; a pooler
// between it and the database can make that worth nothing.)
TEST_F(Rollback, APlanFromBeforeItIsRefused) {
  first = apply(kSnapshot, clubs("One"), "One");
  second = repo.commit(kSnapshot, clubs("Two"), "Two");
  std::ofstream(checkout.state.path() / "patient.yaml")
      << "targets:\n  default:\n    database: " << database.conninfo()
      << "\n    lock_timeout: 60s\n";
  Connection others = database.connect();
  others.execute("begin; lock table reconcile.revision in share row exclusive mode");
  Program slow({RECONCILE_PROGRAM, "--once", "--repo", repo.path(), "--state",
                checkout.state.path(), "--config", checkout.state.path() / "patient.yaml"});
  slow.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where application_name = 'reconcile' "
                   "and datname = current_database() and wait_event_type = 'Lock'") != "0";
      },
      "the pass waiting for the ledger");
  others.execute(
      "insert into reconcile.revision (commit, base, applied, outcome, actor, started_at, "
      "finished_at, rolled_back_from) values ('" +
      second + "', '" + first + "', true, 'applied', 'them', now(), now(), null), ('" + first +
      "', '" + second + "', true, 'rolled-back', 'them', now(), now(), '" + second + "')");
  others.execute("commit");
  const Ran ran = slow.wait();
  expect_held(ran, "StaleRevision", {"rolled back from " + second.substr(0, 10), "by them at"});
  EXPECT_THAT(ran.err, HasSubstr("another controller has applied a revision meanwhile"));
  EXPECT_EQ(note(), "One");
}

}  // namespace
}  // namespace reconcile::test
