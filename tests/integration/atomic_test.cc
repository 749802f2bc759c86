#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/pass_fixture.h"

// A revision is live entirely or not at all.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Files = std::vector<std::pair<std::string, std::string>>;

SnapshotText clubs(const std::string& note = "null", const std::string& is_unique = "false") {
  SnapshotText snapshot;
  snapshot.collection("clubs").field("clubs.name", "character varying",
                                     "max_length: 255, is_nullable: true, is_unique: " + is_unique,
                                     "note: " + note);
  return snapshot;
}

/// A second revision that fails, after much of it has been done.
struct Failure {
  std::string name;
  Files files;
  std::vector<std::string> said;  ///< place, statement, SQLSTATE, hint
  Files fix;
};

std::ostream& operator<<(std::ostream& stream, const Failure& failure) {
  return stream << failure.name;
}

const char* kMany =
    "create table made (n integer);\n"
    "insert into made select generate_series(1, 1000);\n"
    "update clubs set name = 'spoilt';\n"
    "update directus_fields set note = 'spoilt';\n"
    "alter table clubs add column more text;\n";

const std::vector<Failure>& failures() {
  static const std::vector<Failure> all = {
      {"PreFailsAtItsEnd",
       {{"migrations/pre/002_many.sql", std::string(kMany) + "\nselect no_such_function(1);\n"}},
       {"migrations/pre/002_many.sql:7:", "`select no_such_function(1)`", "(SQLSTATE 42883)",
        "next:", "No function matches"},
       {{"migrations/pre/002_many.sql", "create table made ();"}}},
      {"PostFailsAtItsEnd",
       {{"migrations/post/001_many.sql", std::string(kMany) + "select\n 1 / 0;\n"}},
       {"migrations/post/001_many.sql:6:", "division by zero", "(SQLSTATE 22012)", "next:"},
       {{"migrations/post/001_many.sql", "create table made ();"}}},
      {"SecondPostFails",
       {{"migrations/post/001_many.sql", kMany},
        {"migrations/post/002_bad.sql",
         "alter table clubs add constraint short check (length(name) < 2);\n"}},
       {"migrations/post/002_bad.sql:1:", "(SQLSTATE 23514)", "short", "next:"},
       {{"migrations/post/001_many.sql", "create table made ();"},
        {"migrations/post/002_bad.sql", "select 1;"}}},
      {"SeedFails",
       {{"migrations/post/001_many.sql", "create table made ();"},
        {"migrations/seed/001_rows.sql",
         "insert into clubs values (gen_random_uuid(), 'a');\n"
         "insert into clubs values ('00000000-0000-0000-0000-000000000001', 'twice');\n"}},
       {"migrations/seed/001_rows.sql:2:", "(SQLSTATE 23505)", "clubs_pkey", "next:"},
       {{"migrations/seed/001_rows.sql", "select 1;"}}},
      {"DeferredConstraintFailsAtCommit",
       {{"migrations/post/001_late.sql",
         "create table late (id integer primary key, up integer references late deferrable "
         "initially deferred);\n"
         "insert into late values (1, 2);\n"}},
       {"late_up_fkey", "commit", "next:"},
       {{"migrations/post/001_late.sql", "select 1;"}}},
      {"NotNullColumnOnATableWithRows",
       {{"migrations/pre/002_many.sql", "create table made ();"},
        {kSnapshot, clubs().field("clubs.code", "integer", "is_nullable: false").str()}},
       {"snapshots/schema.yaml", "field clubs.code", "(SQLSTATE 23502)", "next:"},
       {{kSnapshot,
         clubs().field("clubs.code", "integer", "is_nullable: false, default_value: 0").str()}}},
      {"UniqueColumnWithEqualValues",
       {{kSnapshot, clubs("null", "true").str()}},
       {"snapshots/schema.yaml", "field clubs.name", "share their value of name with others: 2",
        "next:"},
       {{kSnapshot, clubs("Not unique").str()}}},
      {"SqlUndoesTheSnapshot",
       {{kSnapshot, clubs("More").text("clubs.city").str()},
        {"migrations/post/001_undo.sql", "alter table clubs drop column city;\n"}},
       {"field clubs.city", "contradicts itself", "next:"},
       {{"migrations/post/001_undo.sql", "select 1;\n"}}},
      {"NoSuchTable",
       {{"migrations/post/001_do.sql", "select 1;\nselect * from nowhere;\n"}},
       {"migrations/post/001_do.sql:2:", "(SQLSTATE 42P01)", "next:"},
       {{"migrations/post/001_do.sql", "select 1;\n"}}},
      {"NoSuchColumn",
       {{"migrations/post/001_do.sql", "select nothing from clubs;\n"}},
       {"migrations/post/001_do.sql:1:", "(SQLSTATE 42703)", "next:"},
       {{"migrations/post/001_do.sql", "select 1;\n"}}},
      {"SyntaxErrorInDynamicSql",
       {{"migrations/post/001_do.sql", "do $$ begin execute 'selekt'; end $$;\n"}},
       {"migrations/post/001_do.sql:1:", "(SQLSTATE 42601)", "next:"},
       {{"migrations/post/001_do.sql", "select 1;\n"}}},
      {"NotAllowed",
       {{"migrations/post/001_do.sql",
         "create role nobody_in_particular;\nset role nobody_in_particular;\n"
         "select * from clubs;\n"}},
       {"migrations/post/001_do.sql:3:", "(SQLSTATE 42501)", "next:"},
       {{"migrations/post/001_do.sql", "select 1;\n"}}},
      {"SecretCommit",
       {{"migrations/post/001_do.sql", "do $$ begin commit; end $$;\n"}},
       {"migrations/post/001_do.sql:1:", "(SQLSTATE 2D000)", "next:"},
       {{"migrations/post/001_do.sql", "select 1;\n"}}},
  };
  return all;
}

class Atomic : public PassTest {
 protected:
  void SetUp() override {
    repo.write("migrations/pre/001_first.sql", "create table first (n integer);");
    apply(kSnapshot, clubs());
    database.execute(
        "insert into clubs values ('00000000-0000-0000-0000-000000000001', 'one'), "
        "('00000000-0000-0000-0000-000000000002', 'one')");
  }

  void write(const Files& files) {
    for (const auto& [file, text] : files) repo.write(file, text);
  }
};

class AtomicFailures : public Atomic, public testing::WithParamInterface<Failure> {};

TEST_P(AtomicFailures, LeaveNothingAndTheFixGoesThrough) {
  const std::string before = database.dump();
  const std::string applied =
      "select string_agg(commit, ' ' order by id) from reconcile.revision "
      "where applied";
  const std::string revisions = database.value(applied);
  write(GetParam().files);
  const std::string commit = repo.commit("Fail");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 1) << ran;
  for (const std::string& word : GetParam().said) EXPECT_THAT(ran.err, HasSubstr(word));
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(database.value(applied), revisions);
  EXPECT_EQ(database.value("select commit || ' ' || outcome from reconcile.revision "
                           "order by id desc limit 1"),
            commit + " failed");

  write(GetParam().fix);
  repo.commit("Fix");
  const Ran fixed = once();
  EXPECT_EQ(fixed.exit_code, 0) << fixed;
  const Ran again = once();
  EXPECT_TRUE(again.exit_code == 0 && again.says("in sync")) << again;
  EXPECT_EQ(count("clubs"), "2");
  EXPECT_EQ(database.value("select min(name) || max(name) from clubs"), "oneone");
}

INSTANTIATE_TEST_SUITE_P(All, AtomicFailures, testing::ValuesIn(failures()), case_name);

TEST_F(Atomic, AFirstPassThatFailsLeavesNoLedger) {
  const TestDatabase fresh;
  const std::string before = fresh.dump();
  repo.commit("migrations/seed/001_bad.sql", "select 1 / 0;", "Fail");
  const Ran ran = checkout.run(fresh.conninfo(), {"--once"});
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_EQ(fresh.dump(), before);
}

// ---- locks

class AtomicLocks : public Atomic {
 protected:
  void configure(const std::string& lock_timeout) const {
    std::ofstream(checkout.state.path() / "reconcile.yaml")
        << "targets:\n  one:\n    database: " << database.conninfo()
        << "\n    lock_timeout: " << lock_timeout << "\n";
  }
  Words line() const {
    return {RECONCILE_PROGRAM, "--once",
            "--repo",          repo.path(),
            "--state",         checkout.state.path(),
            "--config",        checkout.state.path() / "reconcile.yaml"};
  }
  bool someone_waits() const {
    return database.value(
               "select count(*) from pg_stat_activity where application_name = 'reconcile' and "
               "datname = current_database() and wait_event_type = 'Lock'") != "0";
  }
};

TEST_F(AtomicLocks, AHeldLockIsAClearErrorInTheEnd) {
  configure("50ms");
  repo.commit(kSnapshot, clubs().text("clubs.city"), "City");
  Connection holder = database.connect();
  holder.execute("begin; lock table clubs in share mode");
  const Ran ran = Program(line()).wait();
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("field clubs.city"), HasSubstr("(SQLSTATE 55P03)"),
                    HasSubstr("attempt 4 gave way"), HasSubstr("somebody else holds a lock")));
  holder.execute("rollback");
  const Ran again = Program(line()).wait();
  EXPECT_EQ(again.exit_code, 0) << again;
}

TEST_F(AtomicLocks, AReleasedLockLetsThePassOn) {
  configure("60s");
  repo.commit(kSnapshot, clubs().text("clubs.city"), "City");
  Connection holder = database.connect();
  holder.execute("begin; lock table clubs in share mode");
  Program program(line());
  program.wait_until([&] { return someone_waits(); }, "the pass waiting for the lock");
  holder.execute("rollback");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
}

// The rows of the Directus tables are part of the schema: reading them has to end too.
TEST_F(AtomicLocks, ATableThatCannotBeReadDoesNotHangThePass) {
  configure("50ms");
  repo.commit(kSnapshot, clubs("New"), "Note");
  Connection holder = database.connect();
  holder.execute("begin; lock table directus_fields in access exclusive mode");
  const Ran ran = Program(line()).wait(std::chrono::seconds(40));
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("lock timeout"), HasSubstr("somebody else holds a lock")));
}

TEST_F(AtomicLocks, DdlByHandBetweenPlanAndApply) {
  configure("60s");
  repo.commit(kSnapshot, clubs("New"), "Note");
  // The pass has planned when it asks for the ledger's lock; it looks at the database only after it
  // has got it.
  Connection holder = database.connect();
  holder.execute("begin; lock table reconcile.revision in share row exclusive mode");
  Program program(line());
  program.wait_until([&] { return someone_waits(); }, "the pass waiting for the ledger");
  database.execute("alter table clubs add column by_hand text");
  holder.execute("rollback");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("the schema changed between plan and apply"));
  EXPECT_EQ(database.value("select note from directus_fields where field = 'name'"), "New");
  EXPECT_EQ(database.value("select count(*) from pg_attribute where attname = 'by_hand'"), "1");
}

TEST_F(AtomicLocks, RowsThatComeBetweenPlanAndApplyAreNotLost) {
  configure("60s");
  database.execute("create table scratch (id int)");
  repo.commit("migrations/pre/900_drop.sql", "drop table scratch;", "Nobody has used it");
  Connection holder = database.connect();
  holder.execute("begin; lock table reconcile.revision in share row exclusive mode");
  Program program(line());
  program.wait_until([&] { return someone_waits(); }, "the pass waiting for the ledger");
  database.execute("insert into scratch values (1)");
  holder.execute("rollback");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_TRUE(ran.complains("DestructiveChange")) << ran;
  EXPECT_EQ(database.value("select count(*) from scratch"), "1");
}

TEST_F(AtomicLocks, AConflictByHandBetweenPlanAndApplyIsHeld) {
  configure("60s");
  repo.commit(kSnapshot, clubs("New"), "Note");
  Connection holder = database.connect();
  holder.execute("begin; lock table reconcile.revision in share row exclusive mode");
  Program program(line());
  program.wait_until([&] { return someone_waits(); }, "the pass waiting for the ledger");
  database.execute("update directus_fields set note = 'By hand' where field = 'name'");
  holder.execute("rollback");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_TRUE(ran.complains("Conflict")) << ran;
  EXPECT_EQ(database.value("select note from directus_fields where field = 'name'"), "By hand");
}

}  // namespace
}  // namespace reconcile::test
