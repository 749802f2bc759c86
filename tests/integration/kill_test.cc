#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <functional>

#include "tests/support/pass_fixture.h"

// PostgreSQL, or the program, is killed in each phase of a pass: a clear line, exit 1, and the next
// pass converges to what an undisturbed one makes.

namespace reconcile::test {
namespace {

using testing::HasSubstr;
using testing::Not;

SnapshotText first_snapshot() { return SnapshotText().collection("clubs").text("clubs.name"); }

SnapshotText second_snapshot() {
  return first_snapshot()
      .collection("members")
      .text("members.email")
      .relation("members.club", "clubs");
}

/// How a pass is brought to stand still in a phase.
struct Phase {
  std::string name;
  /// Held by another session while the pass runs; empty where the gate does it.
  std::string lock;
  /// The file that sleeps at the gate.
  std::string sleeper;
  /// What the backend is doing then, as in pg_stat_activity.
  std::string seen;
};

const std::vector<Phase>& phases() {
  static const std::vector<Phase> all = {
      {"Read", "lock table directus_fields in access exclusive mode", "", "%"},
      {"Ledger", "lock table reconcile.revision in share mode", "", "lock table reconcile%"},
      {"Pre", "", "migrations/pre/009_sleep.sql", "%pg_sleep%"},
      {"Snapshot", "lock table directus_fields in share mode", "", "%directus_fields%"},
      {"Post", "", "migrations/post/009_sleep.sql", "%pg_sleep%"},
      {"Seed", "", "migrations/seed/009_sleep.sql", "%pg_sleep%"},
      {"Record", "lock table reconcile.migration in share mode", "", "%reconcile.migration%"},
      {"Commit", "", "", "commit"},
  };
  return all;
}

enum class Victim { Session, Backend, Server, Program };

struct Murder {
  Phase phase;
  Victim victim;
};

std::string name_of(const Murder& murder) {
  constexpr std::array victims{"SessionTerminated", "BackendKilled", "ServerKilled",
                               "ProgramKilled"};
  return murder.phase.name + victims.at(static_cast<std::size_t>(murder.victim));
}

std::ostream& operator<<(std::ostream& stream, const Murder& murder) {
  return stream << name_of(murder);
}

std::vector<Murder> murders() {
  std::vector<Murder> all;
  for (const Phase& phase : phases()) {
    for (const Victim victim : {Victim::Session, Victim::Backend, Victim::Server, Victim::Program})
      all.push_back({phase, victim});
  }
  return all;
}

/// These tests have a server of their own: the others would not survive.
class Kill : public testing::TestWithParam<Murder> {
 protected:
  using Words = std::vector<std::string>;

  static void SetUpTestSuite() { server_ = std::make_unique<TestServer>(); }
  static void TearDownTestSuite() { server_.reset(); }

  static void write_first(GitRepo& repo) {
    // The seed's table looks at the gate when a row is committed.
    repo.write("migrations/pre/001_rows.sql",
               "create table rows (n integer primary key);\n"
               "create function at_commit() returns trigger language plpgsql as $$\n"
               "begin perform pg_sleep(at_commit) from gate; return null; end $$;\n"
               "create constraint trigger late after insert on rows deferrable initially deferred\n"
               "for each row execute function at_commit();\n");
    repo.commit(kSnapshot, first_snapshot(), "First");
  }

  static void write_second(GitRepo& repo) {
    repo.write("migrations/pre/002_pre.sql", "create table made_by_pre (n integer);")
        .write("migrations/post/001_post.sql", "comment on table members is 'Post';")
        .write("migrations/seed/001_seed.sql", "insert into rows values (1);")
        .write(kSnapshot, second_snapshot());
    // After what the phase has to do, a nap as long as the gate says.
    if (const std::string& file = GetParam().phase.sleeper; !file.empty())
      repo.write(file, "select pg_sleep(seconds) from gate;");
    repo.commit("Second");
  }

  static void make_gate(const TestDatabase& database) {
    database.execute(
        "create table gate (seconds integer, at_commit integer); insert into gate values (0, 0)");
  }

  Words line(const TestDatabase& database) const {
    Words words = checkout_.line(database.conninfo() + " connect_timeout=5", {"--once"});
    words.insert(words.end(), {"--config", checkout_.state.path() / "config.yaml"});
    return words;
  }

  static std::unique_ptr<TestServer> server_;
  Checkout checkout_;
};

std::unique_ptr<TestServer> Kill::server_;

/// Waits, without the program, for something that comes by itself.
void eventually(const std::function<bool()>& reached, const char* what) {
  Program clock({"/bin/sleep", "60"});
  clock.wait_until(
      [&] {
        try {
          return reached();
        } catch (const std::exception&) {
          return false;  // the server is recovering
        }
      },
      what);
}

TEST_P(Kill, ThePassFailsClearlyAndTheNextOneConverges) {
  const auto& [phase, victim] = GetParam();
  std::ofstream(checkout_.state.path() / "config.yaml")
      << "targets:\n  default:\n    lock_timeout: 60s\n";
  TestDatabase database(*server_);
  TestDatabase undisturbed(*server_);
  for (const TestDatabase* each : {&database, &undisturbed}) make_gate(*each);
  write_first(checkout_.repo);
  for (const TestDatabase* each : {&database, &undisturbed}) {
    const Ran ran = run_program(line(*each));
    ASSERT_EQ(ran.exit_code, 0) << ran;
  }
  write_second(checkout_.repo);
  const Ran peaceful = run_program(line(undisturbed));
  ASSERT_EQ(peaceful.exit_code, 0) << peaceful;
  const std::string before = database.dump();

  // Bring the pass to the phase.
  const bool at_commit = phase.name == "Commit";
  if (phase.lock.empty()) {
    database.execute(at_commit ? "update gate set at_commit = 600"
                               : "update gate set seconds = 600");
  }
  auto holder = std::make_unique<Connection>(database.conninfo());
  holder->execute("begin");
  if (!phase.lock.empty()) holder->execute(phase.lock);
  Program program(line(database));
  std::string backend;
  Connection observer = database.connect();
  program.wait_until(
      [&] {
        const Rows rows = observer.query(
            "select pid from pg_stat_activity where application_name = 'reconcile' and datname = "
            "current_database() and state = 'active' and query like '" +
            phase.seen + "' and wait_event in ('PgSleep', 'relation')");
        if (!rows.empty()) backend = rows.front().front();
        return !rows.empty();
      },
      phase.name);

  // Kill.
  switch (victim) {
    case Victim::Session:
      observer.execute("select pg_terminate_backend(" + backend + ")");
      break;
    case Victim::Backend:
      ASSERT_EQ(::kill(std::stoi(backend), SIGKILL), 0);
      break;
    case Victim::Server: {
      const auto killed = server_->server().kill_hard();
      ASSERT_TRUE(killed) << describe(killed.error());
      break;
    }
    case Victim::Program:
      program.kill(SIGKILL);
      break;
  }
  const Ran ran = program.wait();
  if (victim == Victim::Program) {
    EXPECT_EQ(ran.exit_code, 128 + SIGKILL) << ran;
  } else {
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, testing::ContainsRegex("error: database test_[^\n]* stage\\)")) << ran;
    EXPECT_THAT(ran.err, HasSubstr("  next:  ")) << ran;
    EXPECT_THAT(ran.err, HasSubstr("nothing of this revision was applied")) << ran;
    EXPECT_THAT(ran.err, Not(HasSubstr("please report"))) << ran;
  }

  // Bring the server back, and open the gate.
  holder.reset();
  if (victim == Victim::Server) {
    const auto restarted = server_->server().restart();
    ASSERT_TRUE(restarted) << describe(restarted.error());
  }
  eventually(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where application_name = "
                   "'reconcile' and datname = current_database()") == "0";
      },
      "the end of the killed pass in the server");
  database.execute("update gate set seconds = 0, at_commit = 0");
  EXPECT_EQ(database.dump(), before);
  const Ran next = run_program(line(database));
  EXPECT_EQ(next.exit_code, 0) << next;
  EXPECT_EQ(database.result(), undisturbed.result());
  const Ran again = run_program(line(database));
  EXPECT_TRUE(again.exit_code == 0 && again.says("in sync")) << again;
}

INSTANTIATE_TEST_SUITE_P(Phases, Kill, testing::ValuesIn(murders()),
                         [](const auto& test) { return name_of(test.param); });

}  // namespace
}  // namespace reconcile::test
