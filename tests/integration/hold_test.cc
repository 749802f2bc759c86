#include <gmock/gmock.h>

#include <functional>

#include "tests/support/pass_fixture.h"

// When in doubt, hold: exit 3, the reason, the way out, and the database as it was.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Holds : public PassTest {
 protected:
  /// A pass that is held for `reason`, with these words among its messages, and changes nothing.
  void expect_held(const std::string& reason, const std::vector<std::string>& words,
                   const Words& more = {}) {
    const std::string before = database.dump();
    const Ran ran = once(more);
    EXPECT_EQ(ran.exit_code, 3) << ran;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("held " + reason + ": "), HasSubstr("  next: ")));
    for (const std::string& word : words) EXPECT_THAT(ran.err, HasSubstr(word));
    EXPECT_EQ(database.dump(), before);
  }

  /// A pass that goes through and says these words.
  void expect_applied(const std::string& word) {
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.out, HasSubstr(word)) << ran;
  }

  std::string note() const {
    return database.value("select coalesce(note, '-') from directus_fields where field = 'name'");
  }

  static SnapshotText clubs(const std::string& note = "null") {
    SnapshotText snapshot;
    snapshot.collection("clubs").text("clubs.name", note);
    return snapshot;
  }
  void fill_clubs() const {
    database.execute(
        "insert into clubs (id, name) select gen_random_uuid(), 'c' || n "
        "from generate_series(1, 3) n");
  }
};

// ---- conflicts

TEST_F(Holds, BothSidesChangedTheSame) {
  apply(kSnapshot, clubs("Git one"));
  database.execute("update directus_fields set note = 'By hand' where field = 'name'");
  repo.commit(kSnapshot, clubs("Git two"), "Note");
  expect_held("Conflict", {"field clubs.name", "git \"Git two\"", "database \"By hand\"",
                           "Take-Git: field clubs.name"});
  EXPECT_EQ(note(), "By hand");
  repo.commit("Decide\n\nTake-Git: field clubs.name\n");
  expect_applied("applied");
  EXPECT_EQ(note(), "Git two");
}

TEST_F(Holds, BothSidesChangedToTheSameIsDone) {
  apply(kSnapshot, clubs("Git one"));
  database.execute("update directus_fields set note = 'Both' where field = 'name'");
  repo.commit(kSnapshot, clubs("Both"), "Note");
  expect_applied("in sync");
}

TEST_F(Holds, AnotherObjectOfThatNameIsThereAlready) {
  database.execute("create table clubs (id integer primary key)");
  repo.commit(kSnapshot, clubs(), "Clubs");
  expect_held("Conflict", {"field clubs.id", "uuid", "integer"});
}

TEST_F(Holds, GitChangesWhatTheDatabaseLost) {
  apply(kSnapshot, clubs("One"));
  database.execute(
      "alter table clubs drop column name; delete from directus_fields where field = 'name'");
  repo.commit(kSnapshot, clubs("Two"), "Note");
  expect_held("Conflict", {"field clubs.name", "no longer in the database"});
}

// ---- removals

struct Removal {
  std::string name;
  std::function<SnapshotText()> desired;
  std::string object;
  std::string said;
  std::string gone;  ///< a query that is true when the removal has happened
};

std::ostream& operator<<(std::ostream& stream, const Removal& removal) {
  return stream << removal.name;
}

class HoldsRemovals : public Holds, public testing::WithParamInterface<Removal> {};

TEST_P(HoldsRemovals, UntilACommitAllowsThem) {
  const auto all =
      clubs().collection("members").text("members.email").relation("members.club", "clubs");
  apply(kSnapshot, all);
  database.execute(
      "insert into clubs (id, name) values ('00000000-0000-0000-0000-000000000001', 'c');"
      "insert into members (id, email, club) select gen_random_uuid(), n::text, "
      "'00000000-0000-0000-0000-000000000001' from generate_series(1, 3) n");
  repo.commit(kSnapshot, GetParam().desired(), "Remove it");
  expect_held("DestructiveChange", {GetParam().object, GetParam().said, "snapshots/schema.yaml",
                                    "Allow-Destructive: " + GetParam().object});
  repo.commit("Mean it\n\nAllow-Destructive: something else\n");
  expect_held("DestructiveChange", {GetParam().object});
  repo.commit("Mean it\n\nAllow-Destructive: " + GetParam().object + "\n");
  expect_applied("applied");
  EXPECT_EQ(database.value(GetParam().gone), "t");
  expect_applied("in sync");
}

INSTANTIATE_TEST_SUITE_P(
    All, HoldsRemovals,
    testing::Values(
        Removal{"Collection", [] { return SnapshotText().collection("clubs").text("clubs.name"); },
                "collection members", "3 rows at stake",
                "select to_regclass('members') is null and not exists (select from directus_fields "
                "where collection = 'members') and not exists (select from directus_relations)"},
        Removal{"Field",
                [] {
                  return SnapshotText()
                      .collection("clubs")
                      .text("clubs.name")
                      .collection("members")
                      .relation("members.club", "clubs");
                },
                "field members.email", "3 rows at stake",
                "select not exists (select from pg_attribute where attrelid = 'members'::regclass "
                "and attname = 'email')"},
        Removal{"FieldWithItsRelation",
                [] {
                  return SnapshotText()
                      .collection("clubs")
                      .text("clubs.name")
                      .collection("members")
                      .text("members.email");
                },
                "field members.club", "3 rows at stake",
                "select not exists (select from directus_relations)"}),
    case_name);

TEST_F(Holds, NarrowingAColumn) {
  const auto with = [](int length) {
    return SnapshotText().collection("clubs").field("clubs.name", "character varying",
                                                    fmt::format("max_length: {}", length));
  };
  apply(kSnapshot, with(100));
  fill_clubs();
  repo.commit(kSnapshot, with(10), "Shorter");
  expect_held("DestructiveChange", {"field clubs.name", "100 → 10", "3 rows at stake"});
}

TEST_F(Holds, ARemovalOfWhatSomebodyChanged) {
  apply(kSnapshot, clubs("One"));
  database.execute("update directus_fields set note = 'Precious' where field = 'name'");
  repo.commit(kSnapshot, SnapshotText().collection("clubs"), "Remove");
  expect_held("Conflict", {"field clubs.name", "somebody changed it in the database"});
}

TEST_F(Holds, TheNewestCommitIsTheWayOut) {
  apply(kSnapshot, clubs());
  fill_clubs();
  repo.commit(kSnapshot, SnapshotText(), "Oops");
  expect_held("DestructiveChange", {"collection clubs"});
  repo.commit(kSnapshot, clubs(), "Put it back");
  expect_applied("in sync");
  EXPECT_EQ(count("clubs"), "3");
}

TEST_F(Holds, AMissingSnapshotFileRemovesNothingInSilence) {
  apply(kSnapshot, clubs());
  fill_clubs();
  repo.remove(kSnapshot).commit("Lose the file");
  expect_held("DestructiveChange", {"collection clubs", "3 rows at stake"});
}

// ---- drift and unmanaged objects: reported, never touched

TEST_F(Holds, NothingOfDriftIsTouched) {
  apply(kSnapshot, clubs("Git"));
  database.execute(
      "update directus_fields set note = 'By hand' where field = 'name';"
      "alter table clubs alter column name set default 'x'");
  const std::string before = database.dump();
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("altered"), HasSubstr("field clubs.name"),
                             HasSubstr("git \"Git\", database \"By hand\"")));
  EXPECT_EQ(database.dump(), before);
  // Nor by a revision that is about something else.
  apply(kSnapshot, clubs("Git").text("clubs.city"));
  EXPECT_EQ(note(), "By hand");
}

TEST_F(Holds, ALostColumnIsReported) {
  apply(kSnapshot, clubs());
  database.execute("alter table clubs drop column name");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("missing"), HasSubstr("field clubs.name"),
                             HasSubstr("column is in git, not in the database")));
}

constexpr const char* kUnmanaged =
    "create table sponsors (id integer primary key, name text);"
    "insert into sponsors select n, 's' from generate_series(1, 5) n;"
    "insert into directus_collections (collection) values ('sponsors');"
    "insert into directus_fields (collection, field) values ('sponsors', 'name')";

TEST_F(Holds, UnmanagedCollectionAtTheSameRevision) {
  apply(kSnapshot, clubs());
  database.execute(kUnmanaged);
  const std::string before = database.dump();
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("in sync"), HasSubstr("unmanaged"),
                             HasSubstr("collection sponsors"), HasSubstr("5 rows")));
  EXPECT_EQ(database.dump(), before);
}

TEST_F(Holds, UnmanagedCollectionWithANewRevision) {
  apply(kSnapshot, clubs());
  database.execute(kUnmanaged);
  apply(kSnapshot, clubs("New"));
  EXPECT_EQ(count("sponsors"), "5");
  EXPECT_EQ(database.value("select count(*) from directus_collections"), "2");
}

// ---- continuity

TEST_F(Holds, StaleRevision) {
  const std::string old = apply(kSnapshot, clubs());
  apply(kSnapshot, clubs().collection("members"));
  database.execute(kUnmanaged);
  expect_held("StaleRevision", {"is older than"}, {"--revision", old});
  const Ran ran = once({"--revision", old});
  EXPECT_THAT(ran.out, AllOf(HasSubstr("collection sponsors"), HasSubstr("5 rows"))) << ran;
}

TEST_F(Holds, DivergedRevision) {
  const std::string root = apply(kSnapshot, clubs("One"));
  apply(kSnapshot, clubs("Two"));
  repo.reset(root);
  repo.commit(kSnapshot, clubs("Forced"), "Forced");
  expect_held("DivergedRevision", {"does not build on"});
}

TEST_F(Holds, AnotherRepository) {
  apply(kSnapshot, clubs());
  Checkout other;
  other.repo.commit(kSnapshot, clubs("Other"), "Other");
  const std::string before = database.dump();
  const Ran ran = other.run(database.conninfo(), {"--once"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("UnprovenRevision"), HasSubstr("another repository")));
  EXPECT_EQ(database.dump(), before);
}

TEST_F(Holds, AShallowClone) {
  apply(kSnapshot, clubs("One"));
  repo.commit("Two");
  repo.commit(kSnapshot, clubs("Three"), "Three");
  TempFolder elsewhere;
  const std::string clone = elsewhere.path() / "clone";
  run_git(elsewhere.path(),
          {"clone", "--quiet", "--depth=1", "file://" + repo.path().string(), clone});
  const std::string before = database.dump();
  const Ran ran = run_program({RECONCILE_PROGRAM, "--once", "--repo", clone, "--state",
                               elsewhere.path() / "state", "--database", database.conninfo()});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_TRUE(ran.complains("UnprovenRevision")) << ran;
  EXPECT_TRUE(ran.complains("git fetch --unshallow")) << ran << "not: this is another repository";
  EXPECT_EQ(database.dump(), before);
}

// ---- migrations

TEST_F(Holds, AnEditedMigration) {
  apply("migrations/pre/001_a.sql", "create table a (\n  n integer\n);\n");
  repo.commit("migrations/pre/001_a.sql", "create table a (\n  n bigint\n);\n", "Edit");
  expect_held("MigrationEdited",
              {"migrations/pre/001_a.sql", "-  n integer", "+  n bigint", "002_"});
}

TEST_F(Holds, AMigrationOutOfOrder) {
  apply("migrations/pre/005_a.sql", "create table a (n integer);");
  repo.commit("migrations/pre/003_b.sql", "create table b (n integer);", "Late");
  expect_held("MigrationOutOfOrder", {"migrations/pre/003_b.sql", "005_a.sql", "006"});
  repo.commit("migrations/pre/003_b.sql",
              "-- reconcile: allow out-of-order\ncreate table b (n integer);", "Allow");
  expect_applied("applied");
}

// ---- Directus

TEST_F(Holds, WithoutDirectus) {
  const TestDatabase bare(TestServer::shared(), TestDatabase::Contents::Nothing);
  repo.write("migrations/pre/001_a.sql", "create table a ();").commit(kSnapshot, clubs(), "Clubs");
  const std::string before = bare.dump();
  const Ran ran = checkout.run(bare.conninfo(), {"--once"});
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("WaitingForDirectus"), HasSubstr("directus bootstrap")));
  EXPECT_EQ(bare.dump(), before);
  EXPECT_EQ(bare.value("select to_regnamespace('reconcile') is null"), "t");
}

TEST_F(Holds, AnotherController) {
  repo.commit(kSnapshot, clubs(), "Clubs");
  Connection other = database.connect();
  other.execute("select pg_advisory_lock(1382376303, 1852008812)");
  const std::string pid = other.value("select pg_backend_pid()");
  expect_held("LeaseHeld", {"pid " + pid, "pg_terminate_backend"});
}

TEST_F(Holds, TheLedgerCountsWhatItSeesAgain) {
  apply(kSnapshot, clubs());
  repo.commit(kSnapshot, SnapshotText(), "Remove");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(once().exit_code, 3);
  EXPECT_EQ(database.value("select outcome || ' ' || reason || ' ' || times from "
                           "reconcile.revision order by id desc limit 1"),
            "held DestructiveChange 3");
}

}  // namespace
}  // namespace reconcile::test
