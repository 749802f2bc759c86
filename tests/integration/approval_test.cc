#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/pass_fixture.h"

// Losses are allowed by a person for one commit, one plan and one state of the database, and only
// as far as that person could see.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Approvals : public PassTest {
 protected:
  static SnapshotText clubs() {
    SnapshotText snapshot;
    snapshot.collection("clubs").text("clubs.name");
    return snapshot;
  }
  /// Three clubs, and a commit that removes them.
  void remove_clubs(const std::string& message = "Remove") {
    apply(kSnapshot, clubs());
    database.execute(
        "insert into clubs (id, name) select gen_random_uuid(), 'c' || n from "
        "generate_series(1, 3) n");
    repo.commit(kSnapshot, SnapshotText(), message);
  }
  void expect_held(const std::string& reason, const std::vector<std::string>& words,
                   const Words& more = {}) {
    const Ran ran = once(more);
    EXPECT_EQ(ran.exit_code, 3) << ran;
    EXPECT_THAT(ran.err, HasSubstr("held " + reason + ": "));
    for (const std::string& word : words) EXPECT_THAT(ran.err, HasSubstr(word));
    EXPECT_EQ(database.value("select to_regclass('clubs') is not null"), "t");
  }
  void expect_gone() {
    EXPECT_EQ(once().exit_code, 0);
    EXPECT_EQ(database.value("select to_regclass('clubs') is null"), "t");
    const Ran again = once();
    EXPECT_THAT(again.out, HasSubstr("in sync")) << again;
  }
  std::string approvals() const {
    return database.value("select count(*) from reconcile.approval");
  }
  std::string configured(const std::string& guard) const {
    const std::string file = checkout.state.path() / "guard.yaml";
    std::ofstream(file) << "targets:\n  default:\n    database: unused\n" << guard;
    return file;
  }
  static constexpr const char* kAllowed = "Remove\n\nAllow-Destructive: collection clubs\n";
};

TEST_F(Approvals, LetExactlyThisThrough) {
  remove_clubs();
  expect_held("DestructiveChange", {"3 rows at stake", "`reconcile approve --plan "});
  const Ran ran = run({"approve", "--reason", "they moved"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Approved"), HasSubstr("collection clubs  (3 rows)")));
  EXPECT_EQ(database.value("select reason || ' ' || objects[1] || ' ' || rows[1] || ' ' || "
                           "(actor like '%@%') from reconcile.approval"),
            "they moved collection clubs 3 true");
  EXPECT_EQ(count("clubs"), "3") << "to approve removes nothing";
  expect_gone();
}

TEST_F(Approvals, AreNotNeededWhereNothingWaits) {
  apply(kSnapshot, clubs());
  repo.commit(kSnapshot, clubs().text("clubs.city"), "Harmless");
  for (int i = 0; i < 2; ++i) {
    const Ran ran = run({"approve"});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.out, HasSubstr("nothing waits for an approval"));
    EXPECT_EQ(once().exit_code, 0);
  }
  EXPECT_EQ(approvals(), "0");
}

TEST_F(Approvals, DoNotLiftOtherHolds) {
  const std::string old = apply(kSnapshot, clubs());
  apply(kSnapshot, clubs().text("clubs.city"));
  const Ran ran = run({"approve", "--revision", old});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, HasSubstr("StaleRevision"));
  EXPECT_EQ(approvals(), "0");
}

TEST_F(Approvals, OfAPlanThatIsAnotherOneNow) {
  remove_clubs();
  const auto seen = boost::json::parse(run({"plan", "--output", "json"}).out).as_object();
  const std::string digest(seen.at("plan_digest").as_string());
  const Ran refused = run({"approve", "--plan", std::string(12, '0')});
  EXPECT_EQ(refused.exit_code, 3) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr(digest.substr(0, 12)), HasSubstr("next: ")));
  EXPECT_EQ(approvals(), "0");
  const Ran given = run({"approve", "--plan", digest.substr(0, 12), "--output", "json"});
  EXPECT_EQ(given.exit_code, 0) << given;
  const auto said = boost::json::parse(given.out).as_object();
  EXPECT_EQ(said.at("plan_digest").as_string(), digest);
  EXPECT_EQ(said.at("objects").as_array().at(0).as_object().at("rows").as_int64(), 3);
  expect_gone();
}

TEST_F(Approvals, MayBeClosedToWhoOnlyLooks) {
  remove_clubs();
  database.execute(
      "do $$ begin if to_regrole('looker') is null then create role looker; end if; end $$;"
      "grant usage on schema reconcile to looker; grant select on all tables in schema public to "
      "looker; grant select on reconcile.revision, reconcile.migration, reconcile.repository, "
      "reconcile.stale_instance to looker");
  const Ran ran = checkout.run(database.conninfo() + " options='-c role=looker'", {"plan"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("held DestructiveChange: "),
                             HasSubstr("approvals may not be read by this role")));
  database.execute("drop owned by looker");
}

struct Change {
  std::string name;
  std::function<void(GitRepo&, const TestDatabase&)> change;
  std::string why;
};

std::ostream& operator<<(std::ostream& stream, const Change& change) {
  return stream << change.name;
}

class ApprovalsAreVoid : public Approvals, public testing::WithParamInterface<Change> {};

TEST_P(ApprovalsAreVoid, AfterAChange) {
  remove_clubs();
  EXPECT_EQ(run({"approve"}).exit_code, 0);
  GetParam().change(repo, database);
  expect_held("DestructiveChange", {"the approval by ", GetParam().why});
  EXPECT_EQ(run({"approve"}).exit_code, 0) << "the way out";
  expect_gone();
}

INSTANTIATE_TEST_SUITE_P(
    All, ApprovalsAreVoid,
    testing::Values(Change{"OfTheCommit",
                           [](GitRepo& repo, const TestDatabase&) { repo.commit("Nothing"); },
                           "does not count: it is for commit "},
                    Change{"OfThePlan",
                           [](GitRepo& repo, const TestDatabase&) {
                             repo.commit("migrations/pre/001_a.sql", "create table a ();", "More");
                           },
                           "it is for the plan "},
                    Change{"OfTheSchema",
                           [](GitRepo&, const TestDatabase& database) {
                             database.execute("create table elsewhere ()");
                           },
                           "does not count: the schema of the database has changed since"},
                    Change{"OfTheRows",
                           [](GitRepo&, const TestDatabase& database) {
                             database.execute("insert into clubs (id) values (gen_random_uuid())");
                           },
                           "was given for 3 rows"}),
    case_name);

// ---- the budget

class Budget : public Approvals {
 protected:
  /// Five collections, and a commit that removes them all and allows each of them by name.
  void remove_five() {
    SnapshotText five = clubs();
    std::string allowed = "Remove\n\nAllow-Destructive: collection clubs\n";
    for (const char* name : {"events", "members", "tracks", "devices"}) {
      five.collection(name);
      allowed += std::string("Allow-Destructive: collection ") + name + "\n";
    }
    apply(kSnapshot, five);
    repo.commit(kSnapshot, SnapshotText(), allowed);
  }
};

TEST_F(Budget, FiveCollectionsAtOnceAreTooMany) {
  remove_five();
  expect_held("DeletionBudgetExceeded", {"5 tables and columns at once", "the budget is 3",
                                         "collection tracks", "no commit message lifts this"});
  EXPECT_EQ(run({"approve"}).exit_code, 0);
  expect_gone();
}

TEST_F(Budget, IsTheTargets) {
  remove_five();
  const std::string more = configured("    deletion_budget: {objects: 5, rows: unlimited}\n");
  const Ran ran = once({"--config", more});
  EXPECT_EQ(ran.exit_code, 0) << ran;
}

TEST_F(Budget, CountsRows) {
  remove_clubs(kAllowed);
  expect_held("DeletionBudgetExceeded", {"3 rows at once, and the budget is 2"},
              {"--config", configured("    deletion_budget: {rows: 2}\n")});
  expect_gone();
}

// The plan knows of no loss, because somebody has dropped the table; SQL of the revision makes one.
TEST_F(Approvals, CountWhatSqlOfTheRevisionBrings) {
  apply(kSnapshot, clubs());
  database.execute(
      "create table kept_fields as select * from directus_fields; create table kept_collections as "
      "select * from directus_collections; create table kept_clubs (like clubs including all); "
      "drop "
      "table clubs; delete from directus_fields; delete from directus_collections");
  repo.write("migrations/pre/001_back.sql",
             "alter table kept_clubs rename to clubs;"
             "alter index kept_clubs_pkey rename to clubs_pkey;"
             "insert into clubs (id) select gen_random_uuid() from generate_series(1, 3);"
             "insert into directus_collections select * from kept_collections;"
             "insert into directus_fields select * from kept_fields;");
  repo.commit(kSnapshot, SnapshotText(), "Remove");
  const std::string before = database.dump();
  const Ran held = once();
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("DestructiveChange"), HasSubstr("3 rows at stake")));
  repo.commit(kAllowed);
  const Ran over = once({"--config", configured("    deletion_budget: {rows: 2}\n")});
  EXPECT_THAT(over.err, HasSubstr("DeletionBudgetExceeded"));
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(database.value("select rows from reconcile.quarantine"), "3");
}

// ---- races: the last look is under the lock

class Races : public Approvals {
 protected:
  /// A pass that waits for the lock on clubs while `meanwhile` happens.
  Ran pass_beside(const std::string& first, const std::string& meanwhile = "select 1") {
    Connection other = database.connect();
    other.execute("begin; lock table clubs in row exclusive mode; " + first);
    Program program(checkout.line(database.conninfo(), {"--once"}));
    program.wait_until(
        [&] {
          return database.value(
                     "select count(*) from pg_locks where not granted and relation = "
                     "'clubs'::regclass") == "1";
        },
        "the lock on clubs");
    other.execute(meanwhile + "; commit");
    return program.wait();
  }
};

TEST_F(Races, RowsThatCameSinceThePlan) {
  remove_clubs(kAllowed);
  const Ran ran = pass_beside("insert into clubs (id) values (gen_random_uuid())");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("held Conflict: collection clubs: 3 rows at stake when it "
                                       "was planned, and 4 rows a moment later"),
                             HasSubstr("next: ")));
  EXPECT_EQ(count("clubs"), "4");
  expect_gone();
}

TEST_F(Races, RowsThatCameSinceTheApproval) {
  remove_clubs();
  EXPECT_EQ(run({"approve"}).exit_code, 0);
  const Ran ran = pass_beside("insert into clubs (id) values (gen_random_uuid())");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, HasSubstr("4 rows at stake; the approval by"));
  EXPECT_EQ(count("clubs"), "4");
}

TEST_F(Races, AnApprovalThatIsTakenBack) {
  remove_clubs();
  EXPECT_EQ(run({"approve"}).exit_code, 0);
  const Ran ran = pass_beside("", "delete from reconcile.approval");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, HasSubstr("held DestructiveChange: "));
  EXPECT_EQ(count("clubs"), "3");
}

TEST_F(Races, ATableThatIsDroppedMeanwhile) {
  remove_clubs(kAllowed);
  const Ran ran = pass_beside("", "drop table clubs");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("attempt 1 gave way"), HasSubstr("\"public.clubs\" does not exist"),
                    HasSubstr("held Conflict: collection clubs")));
}

TEST_F(Races, ALockThatIsNotGiven) {
  remove_clubs(kAllowed);
  Connection other = database.connect();
  other.execute("begin; lock table clubs in row exclusive mode");
  const Ran ran = once({"--config", configured("    lock_timeout: 10ms\n")});
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("cannot lock public.\"clubs\", which loses rows"),
                             HasSubstr("pg_stat_activity"), Not(HasSubstr("Conflict"))));
}

}  // namespace
}  // namespace reconcile::test
