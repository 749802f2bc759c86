#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/pass_fixture.h"

// What a snapshot asks of a table with rows is done while others use the table: indexes with
// CONCURRENTLY, constraints first for new rows and then for those that are there. The end is the
// same as on a database that had no rows.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Gentle : public PassTest {
 protected:
  static SnapshotText before() {
    SnapshotText snapshot;
    return snapshot.collection("clubs")
        .field("clubs.city", "text", "is_nullable: true, is_indexed: false")
        .field("clubs.code", "text", "is_nullable: true, is_unique: false")
        .collection("members")
        .field("members.club", "uuid", "is_nullable: true")
        .collection("visits")
        .relation("visits.club", "clubs", "SET NULL");
  }
  /// Everything that has to look at each row, in the order in which it is done.
  static SnapshotText after() {
    SnapshotText snapshot;
    return snapshot.collection("clubs")
        .field("clubs.city", "text", "is_nullable: true, is_indexed: true")
        .field("clubs.code", "text", "is_nullable: false, is_unique: true")
        .field("clubs.slug", "text", "is_nullable: true, is_indexed: true, is_unique: true")
        .collection("towns")
        .relation("clubs.town", "towns", "CASCADE")
        .collection("members")
        .relation("members.club", "clubs", "RESTRICT")
        .collection("visits")
        .relation("visits.club", "clubs", "CASCADE");
  }
  void SetUp() override {
    apply(kSnapshot, before(), "Before");
    database.execute(
        "insert into clubs (id, city, code) select gen_random_uuid(), 'c' || n % 7, n::text from "
        "generate_series(1, 200) n;"
        "insert into members (id, club) select gen_random_uuid(), id from clubs;"
        "insert into visits (id, club) select gen_random_uuid(), id from clubs");
  }
  static std::string schema_without_rows() {
    Checkout checkout;
    const TestDatabase database;
    checkout.repo.commit(kSnapshot, before(), "Before");
    EXPECT_EQ(checkout.run(database.conninfo(), {"--once"}).exit_code, 0);
    checkout.repo.commit(kSnapshot, after(), "After");
    const Ran ran = checkout.run(database.conninfo(), {"--once"});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_EQ(database.value("select count(*) from reconcile.journal"), "0");
    return database.schema();
  }
  /// The lines that only one of two has.
  static std::string lines_beside(const std::string& one, const std::string& other) {
    std::multiset<std::string> lines[2];
    for (const auto& [text, all] : {std::pair(one, &lines[0]), std::pair(other, &lines[1])}) {
      std::istringstream stream(text);
      for (std::string line; std::getline(stream, line);) all->insert(line);
    }
    std::vector<std::string> differing;
    std::ranges::set_symmetric_difference(lines[0], lines[1], std::back_inserter(differing));
    std::string text;
    for (const std::string& line : differing) text += line + "\n";
    return text;
  }
  /// How often the rows of visits were checked outside of the transaction.
  std::string checks_of_visits() const {
    return database.value(
        "select count(*) from reconcile.journal where statement_hash = encode(sha256('alter table "
        "public.\"visits\" validate constraint \"visits_club_foreign\"'), 'hex')");
  }
  std::string journal() const {
    return database.value(
        "select coalesce(string_agg(distinct state, ','), '') from reconcile.journal");
  }
  void expect_settled() const {
    EXPECT_EQ(lines_beside(database.schema(), schema_without_rows()), "");
    EXPECT_EQ(database.value("select count(*) from pg_index where not indisvalid"), "0");
    EXPECT_EQ(database.value("select count(*) from pg_constraint where not convalidated"), "0");
    const Ran drift = run({"drift"});
    EXPECT_EQ(drift.exit_code, 0) << drift;
    const Ran again = once();
    EXPECT_TRUE(again.exit_code == 0 && again.says("in sync")) << again;
    EXPECT_EQ(count("clubs") + count("members") + count("visits"), "200200200");
  }
  /// Waits until a build of the pass waits for somebody else's transaction.
  static void wait_for_build(Program& program, Connection& observer) {
    program.wait_until(
        [&] {
          return !observer
                      .query(
                          "select from pg_stat_activity where datname = current_database() and "
                          "wait_event_type = 'Lock' and query ilike 'create index concurrently%'")
                      .empty();
        },
        "the build");
  }
  void commit_before() const {
    repo.commit(
        kSnapshot, before(),
        "Before\n\nAllow-Destructive: collection towns\nAllow-Destructive: field clubs.slug\n"
        "Allow-Destructive: field clubs.town\nAllow-Destructive: relation members.club");
  }
  /// Nothing of after() is left, and nothing is missed.
  void expect_as_before() const {
    const Ran drift = run({"drift"});
    EXPECT_EQ(drift.exit_code, 0) << drift;
    EXPECT_EQ(
        database.value("select coalesce(string_agg(conname, ','), '') from pg_constraint where not "
                       "convalidated or conname ~ 'reconcile_not_null|_unique' and conrelid in "
                       "('clubs'::regclass, 'members'::regclass, 'visits'::regclass)"),
        "");
    EXPECT_EQ(
        database.value("select coalesce(string_agg(indexname, ','), '') from pg_indexes "
                       "where schemaname = 'public' and indexname ~ '^clubs_.*_(unique|index)'"),
        "");
    database.execute("insert into clubs (id) values (gen_random_uuid()), (gen_random_uuid())");
    EXPECT_THAT(once().out, HasSubstr("in sync"));
  }
  /// Makes the pass over after() end there.
  void kill_at_build() const {
    repo.commit(kSnapshot, after(), "After");
    Connection reader(database.conninfo());
    reader.execute("begin isolation level repeatable read; select count(*) from directus_users");
    Program program(checkout.line(database.conninfo(), {"--once"}));
    Connection observer = database.connect();
    wait_for_build(program, observer);
    EXPECT_EQ(database.value("select count(*) from pg_constraint where not convalidated"), "3");
    program.kill(SIGKILL);
    program.wait();
  }
};

TEST_F(Gentle, TheEndIsTheSameAsWithoutRows) {
  repo.commit(kSnapshot, after(), "After");
  const Ran plan = run({"plan"});
  EXPECT_EQ(plan.exit_code, 2) << plan;
  for (const char* line :
       {"index clubs_city_index", "unique constraint clubs_code_unique", "not null, checked",
        "members_club_foreign, checked", "visits_club_foreign, checked"})
    EXPECT_THAT(plan.out, HasSubstr(line));
  for (const char* slow : {"create-index", "add-unique", "set-not-null", "add-foreign-key",
                           "validate-same-transaction", "long-lock"})
    EXPECT_THAT(plan.out + plan.err, Not(HasSubstr(slow)));

  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(journal(), "done");
  EXPECT_EQ(checks_of_visits(), "1");
  expect_settled();
  const Ran blame = run({"blame", "clubs_city_index"});
  EXPECT_THAT(blame.out, HasSubstr("snapshots/schema.yaml")) << blame;
}

TEST_F(Gentle, SqlBeforeTheSnapshotDoesNotChangeTheWay) {
  repo.write("migrations/pre/001_first.sql", "update clubs set city = 'x' where city = 'c1'");
  repo.commit(kSnapshot, after(), "After");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(journal(), "done");
  expect_settled();
}

/// While an index is built, and waits for whoever was there before, others go on writing.
TEST_F(Gentle, WritersGoOn) {
  repo.commit(kSnapshot, after(), "After");
  auto reader = std::make_unique<Connection>(database.conninfo());
  reader->execute("begin isolation level repeatable read; select count(*) from directus_users");
  Program program(checkout.line(database.conninfo(), {"--once"}));
  Connection observer = database.connect();
  wait_for_build(program, observer);
  observer.execute(
      "set lock_timeout = '2s'; begin; update clubs set city = 'y' where code = '1';"
      "update members set club = null where club = (select id from clubs where code = '1'); "
      "commit");
  reader.reset();
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_settled();
}

/// For a parent of other tables, as a hypertable is one, PostgreSQL has no gentle way.
TEST_F(Gentle, WhatOthersInheritFromStaysInTheTransaction) {
  database.execute("create table visits_of_old () inherits (visits)");
  repo.commit(kSnapshot, after(), "After");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(checks_of_visits(), "0");
  EXPECT_EQ(database.value("select count(*) from pg_constraint where not convalidated"), "0");
  EXPECT_THAT(once().out, HasSubstr("in sync"));
}

/// Drift of the same field is nobody's reason to take the change for done.
TEST_F(Gentle, BesideDriftOfTheSameField) {
  SnapshotText notes = before();
  repo.commit(kSnapshot, notes.str(), "Same");
  database.execute("update directus_fields set note = 'By hand' where field = 'city'");
  repo.commit(kSnapshot, after(), "After");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select indisvalid from pg_index where indexrelid = "
                           "to_regclass('clubs_city_index')"),
            "t");
}

struct Obstacle {
  std::string name;
  std::string made_by;
  std::string told;
  std::string mended_by;
};
std::ostream& operator<<(std::ostream& stream, const Obstacle& obstacle) {
  return stream << obstacle.name;
}

class Obstacles : public Gentle, public testing::WithParamInterface<Obstacle> {
 protected:
  /// A pass over after() that SQL of the revision might have made a good one.
  Ran fail_half_live() const {
    database.execute(GetParam().made_by);
    repo.write("migrations/pre/001_nothing.sql", "select 1");
    repo.commit(kSnapshot, after(), "After");
    Ran failed = once();
    EXPECT_EQ(failed.exit_code, 1) << failed;
    return failed;
  }
};

/// Rows that do not allow it are found before anything of the revision is live, and the way out
/// works.
TEST_P(Obstacles, AreToldBeforeAnythingIsDone) {
  const auto& [name, made_by, told, mended_by] = GetParam();
  database.execute(made_by);
  repo.commit(kSnapshot, after(), "After");
  const std::string schema = database.schema();
  const Ran plan = run({"plan"});
  EXPECT_THAT(plan.err, AllOf(HasSubstr("it will fail"), HasSubstr(told))) << plan;
  const Ran failed = once();
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_THAT(failed.err, AllOf(HasSubstr(told), HasSubstr("below migrations/pre")));
  EXPECT_EQ(lines_beside(database.schema(), schema), "");
  repo.commit("migrations/pre/001_mend.sql", mended_by, "Mend the rows");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_settled();
}

/// Where SQL of the revision might have mended them, and did not, they show at the end. Nothing is
/// left that refuses new rows, and the next commit goes on.
TEST_P(Obstacles, LeaveNothingBehindThatRefusesNewRows) {
  const Ran failed = fail_half_live();
  EXPECT_THAT(failed.err,
              AllOf(HasSubstr("below migrations/pre"),
                    HasSubstr("snapshots/schema.yaml; the next pass goes on behind it")))
      << failed;
  database.execute(GetParam().made_by);
  repo.commit("migrations/pre/002_mend.sql", GetParam().mended_by, "Mend the rows");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_settled();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Obstacles,
    testing::Values(
        Obstacle{"NoValue", "update clubs set code = null where code in ('5', '6')",
                 "have no value in code: 2", "update clubs set code = id::text where code is null"},
        Obstacle{"SharedValue", "update clubs set code = '7' where code in ('5', '6', '7')",
                 "share their value of code with others: 3",
                 "update clubs set code = id::text where code = '7'"},
        Obstacle{"NoPartner",
                 "update members set club = gen_random_uuid() where club in (select id from clubs "
                 "where city = 'c0')",
                 "refer in club to what clubs does not have: 28",
                 "update members set club = null where club not in (select id from clubs)"}),
    case_name);

/// Killed between the pieces, with a half-built index and constraints that do not count yet.
TEST_F(Gentle, AKilledPassIsGoneOnWith) {
  kill_at_build();
  EXPECT_EQ(database.value("select applied from reconcile.revision order by id desc limit 1"), "f");
  const Ran next = once();
  EXPECT_EQ(next.exit_code, 0) << next;
  expect_settled();
}

/// A newer commit that asks for something else takes over from one that broke off.
TEST_F(Gentle, ANewerCommitTakesOver) {
  kill_at_build();
  repo.write("README", "More");
  repo.commit("More");
  const Ran next = once();
  EXPECT_EQ(next.exit_code, 0) << next;
  expect_settled();
}

/// A newer commit that does not want it any more takes back what has begun to be live, all of it.
TEST_F(Gentle, ANewerCommitTakesItBack) {
  kill_at_build();
  commit_before();
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_as_before();
}

TEST_P(Obstacles, WhatHasFailedCanBeTakenBack) {
  fail_half_live();
  commit_before();
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_as_before();
}

/// Going back is one transaction, and is not undone by the next pass.
TEST_F(Gentle, RollingBackIsOneTransaction) {
  const std::string commit = repo.commit(kSnapshot, after(), "After");
  ASSERT_EQ(once().exit_code, 0);
  commit_before();
  ASSERT_EQ(once().exit_code, 0);
  database.execute("delete from reconcile.journal");
  const Ran ran = run({"rollback", "--to", commit, "--yes"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(journal(), "");
  EXPECT_EQ(database.value("select indisvalid from pg_index where indexrelid = "
                           "'clubs_city_index'::regclass"),
            "t");
  EXPECT_EQ(count("clubs") + count("members"), "200200");
  const Ran again = once();
  EXPECT_EQ(again.exit_code, 3) << again;
  EXPECT_THAT(again.err, HasSubstr("StaleRevision"));
}

/// The CHECK that proves NOT NULL has done its part, and the pass was killed before the rest.
TEST_F(Gentle, AProofDoesNotStay) {
  kill_at_build();
  database.execute("alter table clubs validate constraint clubs_code_reconcile_not_null");
  const Ran next = once();
  EXPECT_EQ(next.exit_code, 0) << next;
  expect_settled();
}

/// What has begun beside rows may have to end without any.
TEST_F(Gentle, TheRowsMayBeGoneMeanwhile) {
  kill_at_build();
  database.execute(
      "drop index if exists clubs_code_unique; create unique index clubs_code_unique on clubs "
      "(code); truncate clubs, members, visits");
  const Ran next = once();
  EXPECT_EQ(next.exit_code, 0) << next;
  EXPECT_EQ(lines_beside(database.schema(), schema_without_rows()), "");
  EXPECT_EQ(run({"drift"}).exit_code, 0);
}

TEST_F(Gentle, ARenameTakesNothingOfItAlong) {
  kill_at_build();
  std::string renamed = after().str();
  for (std::size_t at = 0; (at = renamed.find("code", at)) != std::string::npos;)
    renamed.replace(at, 4, "tag");
  repo.commit(kSnapshot, renamed, "Tags\n\nRename: field clubs.code to clubs.tag");
  const Ran next = once();
  EXPECT_EQ(next.exit_code, 0) << next;
  EXPECT_EQ(database.value("select coalesce(string_agg(conname, ',' order by conname), '') from "
                           "pg_constraint where conrelid = 'clubs'::regclass and contype <> 'n'"),
            "clubs_pkey,clubs_slug_unique,clubs_tag_unique,clubs_town_foreign");
  EXPECT_EQ(run({"drift"}).exit_code, 0);
}

/// Somebody takes away what an older revision made, while a newer one is half live: that is drift,
/// and nothing the newer one asks for.
TEST_F(Gentle, WhatAnOlderRevisionMadeIsNotMadeAnew) {
  SnapshotText older = before();
  older.collection("towns").field("towns.name", "text", "is_nullable: true, is_indexed: true");
  apply(kSnapshot, older.str(), "Towns");
  SnapshotText newer = before();
  newer.collection("towns")
      .field("towns.name", "text", "is_nullable: true, is_indexed: true")
      .field("clubs.slug", "text", "is_nullable: true, is_unique: true");
  repo.write("migrations/post/001_fails.sql", "select 1 / 0");
  repo.commit(kSnapshot, newer.str(), "Slug");
  ASSERT_EQ(once().exit_code, 1);
  database.execute("drop index towns_name_index");
  repo.commit("migrations/post/001_fails.sql", "select 1", "Mended");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select to_regclass('towns_name_index') is null"), "t");
  const Ran drift = run({"drift"});
  EXPECT_EQ(drift.exit_code, 2) << drift;
  EXPECT_THAT(drift.out, HasSubstr("towns.name"));
}

/// The usual file: it fills the rows, and says NOT NULL itself.
TEST_F(Gentle, SqlMayHaveDoneItAlready) {
  repo.write("migrations/pre/001_code.sql", "alter table clubs alter column code set not null");
  repo.write("migrations/pre/002_city.sql", "create index clubs_city_index on clubs (city)");
  repo.commit(kSnapshot, after(), "After");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  expect_settled();
}

/// A key that refers to it in the same revision needs it to be unique by then.
TEST_F(Gentle, AColumnThatIsReferredToIsMadeUniqueFirst) {
  SnapshotText snapshot;
  snapshot.collection("clubs")
      .field("clubs.city", "text", "is_nullable: true, is_indexed: false")
      .field("clubs.code", "text", "is_nullable: true, is_unique: true")
      .collection("members")
      .field("members.club", "uuid", "is_nullable: true")
      .field("members.club_code", "text", "is_nullable: true")
      .collection("visits")
      .relation("visits.club", "clubs", "SET NULL");
  std::string text = snapshot.str();
  text +=
      "  - collection: members\n    field: club_code\n    related_collection: clubs\n"
      "    meta: {many_collection: members, many_field: club_code, one_collection: clubs, "
      "one_field: null}\n"
      "    schema: {table: members, column: club_code, foreign_key_table: clubs, "
      "foreign_key_column: code, constraint_name: members_club_code_foreign, on_update: NO ACTION, "
      "on_delete: SET NULL}\n";
  repo.commit(kSnapshot, text, "By code");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select count(*) from pg_constraint where conname in "
                           "('clubs_code_unique', 'members_club_code_foreign') and convalidated"),
            "2");
}

}  // namespace
}  // namespace reconcile::test
