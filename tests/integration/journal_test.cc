#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "tests/support/pass_fixture.h"

// What cannot run in a transaction: each way in which it can break off is brought about for real,
// and the next pass makes of it what an undisturbed one would have made.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class JournalTest : public PassTest {
 protected:
  static constexpr const char* index_file = "migrations/pre/002_index.sql";
  static constexpr const char* write_to_table = "update t set b = 'x' where a = 1";

  /// A table with rows, as git made it.
  void make_table() {
    apply("migrations/pre/001_table.sql", "create table t (a integer, b text)");
    database.execute("insert into t select n, n::text from generate_series(1, 100) n");
  }

  /// The settings of these tests, each on a line.
  void configure(const std::string& settings) const {
    std::ofstream(config()) << "targets:\n  default:\n" << settings;
  }
  std::string config() const { return checkout.state.path() / "config.yaml"; }
  Words configured_line() const {
    Words words = checkout.line(database.conninfo(), {"--once"});
    if (std::ifstream(config()).good()) words.insert(words.end(), {"--config", config()});
    return words;
  }
  Ran configured() const { return run_program(configured_line(), {}, checkout.state.path()); }

  /// Waits until the statement of the pass stands still, and returns its backend.
  static std::string wait_for(Program& program, Connection& observer, const std::string& query) {
    std::string backend;
    program.wait_until(
        [&] {
          const Rows rows = observer.query(
              "select pid from pg_stat_activity where datname = current_database() and state = "
              "'active' and wait_event_type = 'Lock' and pid <> pg_backend_pid() and query ilike "
              "'" +
              query + "'");
          if (!rows.empty()) backend = rows.front().front();
          return !rows.empty();
        },
        query);
    return backend;
  }

  /// A pass whose statement stands still until `blocker` is gone: its transaction is in the way.
  struct Standing {
    Standing(const JournalTest& test, const std::string& transaction, const std::string& statement)
        : blocker(begun(test.database.connect(), transaction)),
          program(test.configured_line()),
          observer(test.database.connect()),
          backend(wait_for(program, observer, statement)) {}

    static std::unique_ptr<Connection> begun(Connection session, const std::string& transaction) {
      session.execute("begin");
      session.execute(transaction);
      return std::make_unique<Connection>(std::move(session));
    }

    std::unique_ptr<Connection> blocker;
    Program program;
    Connection observer;
    std::string backend;
  };
  /// Builds an index on the table, in which somebody else is writing.
  Standing standing_build() const { return {*this, write_to_table, "create index%"}; }
  /// What has drifted once the pass is through, where somebody did this while it stood.
  Ran drift_behind(Standing& pass, const std::string& by_hand) const {
    pass.observer.execute(by_hand);
    pass.blocker.reset();
    const Ran ran = pass.program.wait();
    EXPECT_EQ(ran.exit_code, 0) << ran;
    Ran drift = run({"drift"});
    EXPECT_EQ(drift.exit_code, 2) << drift;
    return drift;
  }

  std::string journal() const {
    return database.value(
        "select coalesce(string_agg(state, ',' order by id), '') from reconcile.journal");
  }
  std::string valid(const std::string& index) const {
    return database.value(
        "select coalesce((select indisvalid::text from pg_index where indexrelid "
        "= to_regclass('" +
        index + "')), 'none')");
  }
  std::string invalid_indexes() const {
    return database.value(
        "select coalesce(string_agg(indexrelid::regclass::text, ','), '') from pg_index "
        "where not indisvalid");
  }
  /// Everything is as git made it, and a second pass has nothing to do.
  void expect_settled() const {
    const Ran drift = run({"drift"});
    EXPECT_EQ(drift.exit_code, 0) << drift;
    const Ran again = once();
    EXPECT_TRUE(again.exit_code == 0 && again.says("in sync")) << again;
    EXPECT_EQ(invalid_indexes(), "");
  }
};

TEST_F(JournalTest, OnAnEmptyDatabaseItStaysInTheTransaction) {
  repo.write("migrations/pre/001_table.sql",
             "create table t (a integer, b text);\n"
             "create table p (n integer) partition by range (n);\n"
             "create table p1 partition of p for values from (1) to (2);");
  repo.write(index_file,
             "create unique index concurrently t_a on t (a);\n"
             "CREATE INDEX /* now */ CONCURRENTLY IF NOT EXISTS t_b ON t (b) WHERE a > 1;\n"
             "create index concurrently t_gone on t (b);");
  repo.write("migrations/pre/003_more.sql",
             "drop index concurrently t_gone;\n"
             "reindex (concurrently on, verbose) table t;\nreindex index concurrently t_a;\n"
             "alter table p detach partition p1 concurrently;");
  // Were anything of it live before the rest, it would stay when the last file fails.
  repo.commit("migrations/post/001_fails.sql", "select 1 / 0", "Fails");
  const Ran failed = once();
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_EQ(database.value("select to_regclass('t') is null"), "t");
  repo.commit("migrations/post/001_fails.sql", "select 1", "Mended");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(valid("t_a") + valid("t_b") + valid("t_gone"), "truetruenone");
  EXPECT_EQ(database.value("select count(*) from pg_inherits where inhparent = 'p'::regclass"),
            "0");
  EXPECT_EQ(journal(), "");
  expect_settled();
}

TEST_F(JournalTest, BesideRowsItRunsAloneAndInItsPlace) {
  make_table();
  repo.write("migrations/pre/002_column.sql", "alter table t add column c integer");
  repo.write("migrations/pre/003_index.sql", "create index concurrently t_c on t (c)");
  const std::string commit =
      repo.commit("migrations/post/001_use.sql", "comment on index t_c is 'Ours'", "Index");
  const Ran plan = run({"plan"});
  EXPECT_EQ(plan.exit_code, 2) << plan;
  EXPECT_THAT(plan.out, HasSubstr("pre/003_index.sql   1 statement, outside of the transaction"));
  EXPECT_THAT(plan.err, HasSubstr("goes live in pieces"));
  const Ran markdown = run({"plan", "--output", "markdown"});
  EXPECT_THAT(markdown.out, HasSubstr("outside of the transaction")) << markdown;

  const boost::json::object report = once_json();
  EXPECT_EQ(report.at("outcome"), "applied") << report;
  std::string pieces;
  for (const auto& step : report.at("steps").as_array())
    pieces += boost::json::serialize(step.at("piece")) + (step.at("alone").as_bool() ? "!" : " ");
  EXPECT_EQ(pieces, "1 2!3 ");
  EXPECT_EQ(valid("t_c"), "true");
  EXPECT_EQ(journal(), "done");
  const Ran blame = run({"blame", "t_c"});
  EXPECT_THAT(blame.out, HasSubstr("migrations/pre/003_index.sql:1 of " + commit.substr(0, 10)));
  expect_settled();
}

TEST_F(JournalTest, DuplicatesLeaveNoIndexBehindAndTheWayOutWorks) {
  make_table();
  database.execute("insert into t values (1, 'again')");
  repo.write("migrations/pre/002_other.sql", "create table other (n integer)");
  repo.commit("migrations/pre/003_unique.sql", "create unique index concurrently t_a on t (a)",
              "Unique");
  const Ran failed = once();
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_THAT(failed.err, HasSubstr("migrations/pre/003_unique.sql:1")) << failed;
  EXPECT_THAT(failed.err, HasSubstr("SQLSTATE 23505")) << failed;
  EXPECT_THAT(failed.err, HasSubstr("live already: migrations/pre/002_other.sql")) << failed;
  EXPECT_THAT(failed.err, HasSubstr("next:  mend the rows in a new file before this one"))
      << failed;
  EXPECT_EQ(valid("t_a"), "none");
  EXPECT_EQ(journal(), "failed");
  EXPECT_EQ(count("t"), "101");

  repo.remove("migrations/pre/003_unique.sql")
      .write("migrations/pre/003_mend.sql", "delete from t where b = 'again'")
      .write("migrations/pre/004_unique.sql", "create unique index concurrently t_a on t (a)")
      .commit("Mend");
  const Ran mended = once();
  EXPECT_EQ(mended.exit_code, 0) << mended;
  EXPECT_EQ(valid("t_a"), "true");
  EXPECT_EQ(count("t"), "100");
  expect_settled();
}

/// What an interruption leaves, by the statement that it hits.
struct Carcass {
  std::string name;
  std::string prepare;    ///< git's own SQL before, on the table with rows
  std::string statement;  ///< that is interrupted
  std::string blocker;    ///< what another session does in its transaction
  std::string left;       ///< counts what is half done
  std::string done;       ///< is true afterwards
  /// Nobody is in the way of whoever clears up at once.
  bool clearable = false;
};

const std::vector<Carcass>& carcasses() {
  static const std::string invalid = "select count(*) from pg_index where not indisvalid";
  static const std::vector<Carcass> all = {
      {"Create", "select 1", "create index concurrently t_a on t (a)",
       "update t set b = 'x' where a = 1", invalid,
       "select indisvalid from pg_index where indexrelid = 't_a'::regclass"},
      // squawk#1230: the server takes what is left for what is wanted.
      {"CreateIfNotExists", "select 1", "create index concurrently if not exists t_a on t (a)",
       "update t set b = 'x' where a = 1", invalid,
       "select indisvalid from pg_index where indexrelid = 't_a'::regclass"},
      {"CreateBehindASnapshot", "create table elsewhere (n integer)",
       "create index concurrently t_a on t (a)",
       "set transaction isolation level repeatable read; select count(*) from elsewhere", invalid,
       "select indisvalid from pg_index where indexrelid = 't_a'::regclass", true},
      {"Drop", "create index t_a on t (a); comment on index t_a is 'Ours'",
       "drop index concurrently t_a", "update t set b = 'x' where a = 1", invalid,
       "select to_regclass('t_a') is null"},
      {"ReindexIndex", "create index t_a on t (a)", "reindex index concurrently t_a",
       "update t set b = 'x' where a = 1", invalid,
       "select count(*) = 1 and bool_and(indisvalid) from pg_index where indrelid = 't'::regclass"},
      {"ReindexTable", "create index t_a on t (a)", "reindex table concurrently t",
       "update t set b = 'x' where a = 1", invalid,
       "select count(*) = 1 and bool_and(indisvalid) from pg_index where indrelid = 't'::regclass"},
      {"Detach",
       "create table p (n integer) partition by range (n); create table p1 partition of p for "
       "values from (1) to (9); create table p2 partition of p for values from (9) to (99); "
       "insert into p values (1), (9)",
       "alter table p detach partition p1 concurrently", "select count(*) from p",
       "select count(*) from pg_inherits where inhdetachpending",
       "select count(*) = 1 from pg_inherits where inhparent = 'p'::regclass"},
  };
  return all;
}

enum class Interruption { Timeout, Terminated, Killed };

struct Broken {
  Carcass carcass;
  Interruption interruption;
};

std::ostream& operator<<(std::ostream& stream, const Broken& broken) {
  constexpr std::array names{"AfterATimeout", "AfterTermination", "AfterAKill"};
  return stream << broken.carcass.name << names.at(static_cast<std::size_t>(broken.interruption));
}

/// Each statement, and each interruption of those that the server takes apart differently.
std::vector<Broken> all_broken() {
  std::vector<Broken> all;
  for (const Carcass& carcass : carcasses()) {
    all.push_back({carcass, Interruption::Timeout});
    if (carcass.name == "Create" || carcass.name == "Detach" || carcass.name == "ReindexIndex") {
      all.push_back({carcass, Interruption::Terminated});
      all.push_back({carcass, Interruption::Killed});
    }
  }
  return all;
}

class CarcassTest : public JournalTest, public testing::WithParamInterface<Broken> {};

TEST_P(CarcassTest, TheNextPassFinishesWhatBrokeOff) {
  const auto& [carcass, interruption] = GetParam();
  make_table();
  apply("migrations/pre/002_prepare.sql", carcass.prepare);
  if (interruption == Interruption::Timeout)
    configure("    concurrent_timeout: 1s\n    lock_timeout: 100ms\n");
  repo.write("migrations/pre/003_alone.sql", carcass.statement);
  repo.commit("migrations/pre/004_after.sql", "create table after_it (n integer)", "Alone");

  Standing pass(*this, carcass.blocker, carcass.statement.substr(0, 12) + "%");
  EXPECT_THAT(pass.observer.value("select application_name from pg_stat_activity where pid = " +
                                  pass.backend),
              HasSubstr("reconcile migrations/pre/003_alone.sql:1 of"));
  if (interruption == Interruption::Terminated)
    pass.observer.execute("select pg_terminate_backend(" + pass.backend + ")");
  if (interruption == Interruption::Killed) pass.program.kill(SIGKILL);
  const Ran broken = pass.program.wait();
  if (interruption == Interruption::Killed) {
    // The backend ends by itself once it has seen that its client is gone.
    Program clock({"/bin/sleep", "60"});
    clock.wait_until(
        [&] {
          return pass.observer.value("select count(*) from pg_stat_activity where pid = " +
                                     pass.backend) == "0";
        },
        "the end of the backend");
  } else {
    EXPECT_EQ(broken.exit_code, 1) << broken;
    EXPECT_THAT(broken.err, HasSubstr("migrations/pre/003_alone.sql:1")) << broken;
    EXPECT_THAT(broken.err, HasSubstr("  next:  ")) << broken;
  }
  const bool cleared = carcass.clearable && interruption == Interruption::Timeout;
  EXPECT_EQ(pass.observer.value(carcass.left) == "0", cleared) << broken;
  EXPECT_EQ(pass.observer.value("select to_regclass('after_it') is null"), "t");
  pass.blocker.reset();

  const Ran next = configured();
  EXPECT_EQ(next.exit_code, 0) << next;
  EXPECT_EQ(database.value(carcass.done), "t");
  EXPECT_EQ(database.value(carcass.left), "0");
  EXPECT_EQ(database.value("select to_regclass('after_it') is null"), "f");
  EXPECT_EQ(count("t"), "100");
  EXPECT_EQ(journal(), "failed,done");
  expect_settled();
}

INSTANTIATE_TEST_SUITE_P(All, CarcassTest, testing::ValuesIn(all_broken()),
                         [](const auto& test) { return testing::PrintToString(test.param); });

TEST_F(JournalTest, WhatWasDoneAndNotWrittenDownIsNotDoneAgain) {
  make_table();
  configure("    lock_timeout: 60s\n");
  repo.commit(index_file, "create index concurrently t_a on t (a)", "Index");
  Standing pass = standing_build();
  Connection ledger = database.connect();
  ledger.execute("begin");
  ledger.execute("lock table reconcile.revision in share mode");
  pass.blocker.reset();
  wait_for(pass.program, pass.observer, "lock table reconcile%");
  const std::string built = pass.observer.value("select 't_a'::regclass::oid");
  pass.program.kill(SIGKILL);
  pass.program.wait();
  ledger.execute("commit");
  const Ran next = configured();
  EXPECT_EQ(next.exit_code, 0) << next;
  EXPECT_EQ(database.value("select 't_a'::regclass::oid"), built);
  EXPECT_EQ(journal(), "failed,done");
  const Ran blame = run({"blame", "t_a"});
  EXPECT_THAT(blame.out, HasSubstr("migrations/pre/002_index.sql:1")) << blame;
  expect_settled();
}

/// flyway#1654: a second controller that waits for a lock would hold a snapshot, for which the
/// build of the first would wait.
TEST_F(JournalTest, AControllerThatWaitsIsInNobodysWay) {
  make_table();
  repo.write(index_file, "create index concurrently t_a on t (a)");
  repo.commit("migrations/pre/003_row.sql", "insert into t values (0, 'once')", "Index");
  Standing first = standing_build();
  Program second(configured_line());
  second.wait_until(
      [&] {
        return first.observer.value(
                   "select count(*) from pg_stat_activity where datname = current_database() and "
                   "query like '%pg_locks%' and application_name = 'reconcile'") == "1";
      },
      "the second controller");
  first.blocker.reset();
  const Ran one = first.program.wait();
  const Ran other = second.wait();
  EXPECT_EQ(one.exit_code, 0) << one;
  EXPECT_EQ(other.exit_code, 0) << other;
  EXPECT_EQ(database.value("select count(*) from t where b = 'once'"), "1");
  EXPECT_EQ(journal(), "done");
  expect_settled();
}

TEST_F(JournalTest, ATakenNameIsHeldBeforeAnythingIsDone) {
  make_table();
  database.execute("create index t_a on t (b)");
  repo.write("migrations/pre/002_other.sql", "create table other (n integer)");
  repo.commit("migrations/pre/003_index.sql",
              "create index concurrently if not exists t_a on t (a)", "Index");
  for (const char* command : {"plan", "--once"}) {
    const Ran ran = run({command});
    EXPECT_EQ(ran.exit_code, 3) << ran;
    EXPECT_THAT(ran.err, HasSubstr("Conflict")) << ran;
    EXPECT_THAT(ran.err, HasSubstr("CREATE INDEX t_a ON public.t USING btree (b)")) << ran;
  }
  EXPECT_EQ(database.value("select to_regclass('other') is null"), "t");
  database.execute("alter index t_a rename to t_b");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(valid("t_a") + valid("t_b"), "truetrue");
}

/// However it is written: the server's own words are compared.
TEST_F(JournalTest, WhatIsThereAlreadyAsAskedBecomesGits) {
  make_table();
  database.execute(
      "create unique index \"T a\" on t (lower(b) text_pattern_ops desc) include (a) "
      "where b in ('x', 'y')");
  const std::string built = database.value("select '\"T a\"'::regclass::oid");
  repo.commit(index_file,
              "create unique index concurrently \"T a\" on public . \"t\" using btree\n"
              "( lower ( b ) text_pattern_ops desc ) include (a) where b in ('x','y')",
              "Index");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select '\"T a\"'::regclass::oid"), built);
  const Ran blame = run({"blame", "T a"});
  EXPECT_THAT(blame.out, HasSubstr("migrations/pre/002_index.sql:1")) << blame;
  expect_settled();
}

TEST_F(JournalTest, AValueThatTheRevisionUsesIsCommittedAhead) {
  apply("migrations/pre/001_type.sql",
        "create type mood as enum ('ok'); create table m (mood mood default 'ok')");
  repo.write("migrations/pre/002_value.sql",
             "alter type mood add value 'sad' before 'ok'; alter type mood add value 'bad''ly'");
  const std::string commit = repo.commit(
      "migrations/pre/003_use.sql",
      "do $$ begin insert into m values ('bad''ly'); end $$; alter table m alter mood set default "
      "'sad'",
      "Value");
  const Ran plan = run({"plan"});
  EXPECT_THAT(plan.out, HasSubstr("committed ahead")) << plan;
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum "
                           "where enumtypid = 'mood'::regtype"),
            "sad,ok,bad'ly");
  EXPECT_EQ(count("m"), "1");
  EXPECT_EQ(journal(), "done,done");
  expect_settled();
}

TEST_F(JournalTest, AValueThatNobodyUsesYetComesWithTheRest) {
  apply("migrations/pre/001_type.sql", "create type mood as enum ('ok')");
  repo.write("migrations/pre/002_value.sql", "alter type mood add value 'sad'");
  repo.commit("migrations/pre/003_fails.sql", "select 1 / 0", "Fails");
  const Ran failed = once();
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_THAT(failed.err, HasSubstr("nothing of this revision was applied"));
  EXPECT_EQ(database.value("select count(*) from pg_enum where enumtypid = 'mood'::regtype"), "1");
}

/// An hour is long: what somebody does by hand meanwhile is not taken for the file's work.
TEST_F(JournalTest, WhatOthersDoDuringABuildIsNotGits) {
  make_table();
  repo.commit(index_file, "create index concurrently t_a on t (a)", "Index");
  Standing pass = standing_build();
  const Ran drift = drift_behind(pass, "create table by_hand (n integer)");
  EXPECT_THAT(drift.out, HasSubstr("table public.by_hand")) << drift;
  EXPECT_THAT(drift.out, Not(HasSubstr("t_a"))) << drift;
}

/// Nor where the file has no object of its own to claim: git never had what it drops.
TEST_F(JournalTest, WhatOthersDoWhileTheirIndexIsDroppedIsNotGits) {
  make_table();
  database.execute("create index hand_made on t (a)");
  repo.commit(index_file, "drop index concurrently hand_made", "Drop");
  Standing pass(*this, write_to_table, "drop index%");
  const Ran drift = drift_behind(pass, "create table by_hand (n integer)");
  EXPECT_THAT(drift.out, HasSubstr("table public.by_hand")) << drift;
  EXPECT_THAT(drift.out, Not(HasSubstr("hand_made"))) << drift;
}

/// A function is about no table, and so not about the one that is taken apart.
TEST_F(JournalTest, WhatOthersDoDuringADetachIsNotGits) {
  apply("migrations/pre/001_table.sql",
        "create table p (n integer) partition by range (n);"
        "create table p1 partition of p for values from (1) to (9)");
  database.execute("insert into p values (1)");
  repo.commit("migrations/pre/002_detach.sql", "alter table p detach partition p1 concurrently",
              "Detach");
  Standing pass(*this, "select count(*) from p", "alter table%");
  const Ran drift =
      drift_behind(pass, "create function by_hand() returns integer language sql as 'select 1'");
  EXPECT_THAT(drift.out, HasSubstr("function public.by_hand()")) << drift;
}

/// The snapshot is live after the first piece; what then fails must not make later commits forget
/// whose snapshot the database has.
TEST_F(JournalTest, ANewerCommitGoesOnFromTheSnapshotThatIsLive) {
  repo.commit(kSnapshot, SnapshotText().collection("clubs").text("clubs.name"), "Clubs");
  ASSERT_EQ(once().exit_code, 0);
  database.execute(
      "insert into clubs (id, name) values (gen_random_uuid(), 'same'), (gen_random_uuid(), "
      "'same')");
  repo.write(kSnapshot,
             SnapshotText().collection("clubs").text("clubs.name").collection("members"));
  const std::string failing =
      repo.commit("migrations/post/001_unique.sql",
                  "create unique index concurrently clubs_name on clubs (name)", "Members");
  const Ran failed = once();
  EXPECT_EQ(failed.exit_code, 1) << failed;
  EXPECT_THAT(failed.err, HasSubstr("live already: ")) << failed;
  EXPECT_EQ(database.value("select to_regclass('members') is null"), "f");
  const Ran history = run({"history"});
  EXPECT_THAT(history.out, HasSubstr("begun")) << history;

  const Ran older = once({"--revision", "HEAD~1"});
  EXPECT_EQ(older.exit_code, 3) << older;
  EXPECT_THAT(older.err, HasSubstr("StaleRevision")) << older;

  // The collection that the broken revision brought is taken back, and not forgotten as unmanaged.
  repo.write(kSnapshot, SnapshotText().collection("clubs").text("clubs.name"))
      .remove("migrations/post/001_unique.sql")
      .commit("Neither\n\nAllow-Destructive: collection members");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select to_regclass('members') is null"), "t");
  EXPECT_EQ(count("clubs"), "2");
  expect_settled();
}

/// A force push takes back a commit of which a part is live: what would come of the two together
/// nobody has written.
TEST_F(JournalTest, ACommitBesideWhatHasBegunIsHeld) {
  const SnapshotText clubs = SnapshotText().collection("clubs").text("clubs.name");
  const std::string first = repo.commit(kSnapshot, clubs.str(), "Clubs");
  ASSERT_EQ(once().exit_code, 0);
  database.execute(
      "insert into clubs (id, name) values (gen_random_uuid(), 'same'), (gen_random_uuid(), "
      "'same')");
  repo.write(kSnapshot, SnapshotText(clubs).text("clubs.motto"));
  const std::string begun =
      repo.commit("migrations/post/001_unique.sql",
                  "create unique index concurrently clubs_name on clubs (name)", "Motto");
  ASSERT_EQ(once().exit_code, 1);
  repo.reset(first);
  repo.commit(kSnapshot, SnapshotText(clubs).text("clubs.city").str(), "City instead");
  const std::string schema = database.schema();
  const Ran held = once();
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("DivergedRevision"), HasSubstr(begun.substr(0, 10))));
  EXPECT_EQ(database.schema() == schema, true);
  // The way out that the message names; the column that goes with it has to be allowed.
  repo.run({"merge", "--quiet", "--strategy=ours", "--message",
            "City instead\n\nAllow-Destructive: field clubs.motto", begun});
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select string_agg(column_name, ',' order by column_name) from "
                           "information_schema.columns where table_name = 'clubs'"),
            "city,id,name");
  expect_settled();
}

TEST_F(JournalTest, RollbackTakesBackWhatHasBegun) {
  const std::string first =
      repo.commit(kSnapshot, SnapshotText().collection("clubs").text("clubs.name"), "Clubs");
  ASSERT_EQ(once().exit_code, 0);
  database.execute(
      "insert into clubs (id, name) values (gen_random_uuid(), 'same'), (gen_random_uuid(), "
      "'same')");
  repo.write(kSnapshot, SnapshotText().collection("clubs").text("clubs.name").text("clubs.motto"));
  repo.commit("migrations/post/001_unique.sql",
              "create unique index concurrently clubs_name on clubs (name)", "Motto");
  ASSERT_EQ(once().exit_code, 1);
  const Ran shown = run({"rollback", "--to", first});
  EXPECT_EQ(shown.exit_code, 3) << shown;  // the field would be lost
  ASSERT_EQ(run({"approve", "--rollback-to", first}).exit_code, 0);
  const Ran back = run({"rollback", "--to", first, "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back;
  EXPECT_EQ(database.value("select count(*) from information_schema.columns where table_name = "
                           "'clubs' and column_name = 'motto'"),
            "0");
  const Ran again = once();
  EXPECT_EQ(again.exit_code, 3) << again;
  EXPECT_THAT(again.err, HasSubstr("StaleRevision")) << again;
}

TEST_F(JournalTest, VerifyGoesBothWays) {
  repo.commit("migrations/pre/001_table.sql",
              "create table t (a integer); insert into t values (1)", "Table");
  repo.write("migrations/pre/002_column.sql", "alter table t add column c integer");
  repo.commit("migrations/pre/003_index.sql", "create index concurrently t_c on t (c)", "Index");
  const Ran ran = run({"verify"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
}

TEST_F(JournalTest, WhatNoCatalogCouldTellIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"create index concurrently on t (a)", "without a name"},
      {"drop index concurrently a, b", "several indexes"},
      {"select 1;\ncreate index concurrently i on t (a)", "give it a file of its own"},
      {"vacuum t", "VACUUM in a migration"},
      {"reindex schema concurrently public", "REINDEX CONCURRENTLY in a migration"},
  };
  for (const auto& [text, complaint] : cases) {
    repo.commit(index_file, text, "Refused");
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, HasSubstr(complaint)) << ran;
    EXPECT_THAT(ran.err, HasSubstr("  next:  ")) << ran;
  }
}

}  // namespace
}  // namespace reconcile::test
