#include <gmock/gmock.h>
#include <signal.h>

#include <array>
#include <fstream>

#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// `reconcile` without a command: the controller that stays.
namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kSoon = 20s;

class Serves : public PassTest {
 protected:
  Serves() { write_configuration("60s"); }

  /// `more` goes below the target.
  void write_configuration(const std::string& interval, const std::string& more = "") const {
    std::ofstream(configuration()) << "repository: " << repo.path().string()
                                   << "\npoll: 200ms\nlease: 200ms\nhttp: {listen: '127.0.0.1:0'}\n"
                                   << "targets:\n  stage:\n    database: \"" << database.conninfo()
                                   << "\"\n    interval: " << interval << "\n"
                                   << more;
  }
  std::string configuration() const { return (folder.path() / "reconcile.yaml").string(); }
  std::unique_ptr<Program> controller(const std::string& name = "one") const {
    return std::make_unique<Program>(Words{RECONCILE_PROGRAM, "--config", configuration(),
                                           "--state", (folder.path() / name).string()});
  }
  bool has(const std::string& table) const {
    return database.value("select to_regclass('public." + table + "') is not null") == "t";
  }
  std::string make(const std::string& table) {
    return repo.commit("migrations/pre/" + std::to_string(++files_) + "_" + table + ".sql",
                       "create table " + table + " (id int primary key);", "Make " + table);
  }
  bool is_led() const {
    return database.value(
               "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and "
               "mode = "
               "'ExclusiveLock'") != "0";
  }

  TempFolder folder;

 private:
  int files_ = 0;
};

TEST_F(Serves, EachCommitSoonAfterItIsThere) {
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  make("second");
  running->wait_until([&] { return has("second"); }, "the second commit is applied");
}

TEST_F(Serves, UntilItIsAskedToEnd) {
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  running->kill(SIGTERM);
  const Ran ran = running->wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("stopped"));
  EXPECT_TRUE(within(kSoon, [&] { return !is_led(); }));
}

// A migration that is under way is neither cut off nor left half done.
TEST_F(Serves, AndEndsWhatItHasBegunFirst) {
  repo.commit("migrations/pre/001_slow.sql",
              "create table before (id int); select pg_sleep(2); create table after (id int);",
              "Slow");
  const auto running = controller();
  running->wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where query like '%pg_sleep(2)%' and "
                   "pid <> pg_backend_pid()") != "0";
      },
      "the slow statement runs");
  running->kill(SIGTERM);
  EXPECT_EQ(running->wait().exit_code, 0);
  EXPECT_TRUE(has("before"));
  EXPECT_TRUE(has("after"));
  EXPECT_EQ(database.value("select outcome from reconcile.revision"), "applied");
}

TEST_F(Serves, FromOneReplicaWhateverTheirNumber) {
  make("first");
  const auto one = controller("one");
  const auto two = controller("two");
  const auto three = controller("three");
  one->wait_until([&] { return has("first"); }, "the first commit is applied");
  for (const char* table : {"a", "b", "c"}) {
    make(table);
    one->wait_until([&] { return has(table); }, "the next commit is applied");
  }
  EXPECT_EQ(
      database.value("select count(*) || '/' || count(distinct commit) from reconcile.revision"),
      "4/4");
  EXPECT_EQ(database.value("select count(distinct actor) from reconcile.revision"), "1");
}

TEST_F(Serves, FromAnotherReplicaOnceTheLeaderIsKilled) {
  make("first");
  auto one = controller("one");
  one->wait_until([&] { return has("first"); }, "the first commit is applied");
  const auto two = controller("two");
  two->wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where application_name like "
                   "'reconcile leader %'") == "2";
      },
      "the second replica is there");
  one->kill(SIGKILL);
  make("second");
  two->wait_until([&] { return has("second"); }, "the other replica has taken over");
}

TEST_F(Serves, AgainOnceTheDatabaseIsBack) {
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  database.execute(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like "
      "'reconcile%'");
  make("second");
  running->wait_until([&] { return has("second"); }, "it has connected anew");
}

// argo-cd#11494: the retries of a commit that fails kept its fix waiting.
TEST_F(Serves, TheFixOfWhatFailsWithoutWaitingForItsRetry) {
  make("base");
  const auto running = controller();
  running->wait_until([&] { return has("base"); }, "the first commit is applied");
  repo.commit("migrations/pre/002_first.sql", "create table first (id nonsense);", "Broken");
  running->wait_until(
      [&] {
        return database.value("select count(*) from reconcile.revision where outcome = 'failed'") ==
               "1";
      },
      "the broken commit was tried");
  repo.commit("migrations/pre/002_first.sql", "create table first (id int);", "Mended");
  running->wait_until([&] { return has("first"); }, "the fix is applied");
}

TEST_F(Serves, WhatAHangupAsksFor) {
  write_configuration("1h", "    drift: heal\n");
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  database.execute("alter table first add constraint positive check (id > 0)");
  database.execute("alter table first drop constraint first_pkey");
  running->kill(SIGHUP);
  running->wait_until(
      [&] {
        return database.value("select count(*) from pg_constraint where conname = 'first_pkey'") ==
               "1";
      },
      "what git made is healed");
}

TEST_F(Serves, NothingThatIsSuspended) {
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  ASSERT_EQ(run({"suspend"}).exit_code, 0);
  make("second");
  running->wait_until(
      [&] {
        return database.value(
                   "select count(*) from reconcile.revision where reason = 'Suspended'") == "1";
      },
      "the second commit is held");
  ASSERT_EQ(run({"resume"}).exit_code, 0);
  running->kill(SIGHUP);
  running->wait_until([&] { return has("second"); }, "the second commit is applied");
}

// What is valid counts from then on; what is not changes nothing.
TEST_F(Serves, AnotherConfigurationAsSoonAsItIsThere) {
  make("first");
  write_configuration("60s", "    mode: dry-run\n");
  const auto running = controller();
  write_configuration("60s", "    mode: nonsense\n");
  write_configuration("60s");
  running->wait_until([&] { return has("first"); }, "the new mode counts");
  write_configuration("60s", "    mode: nonsense\n");
  running->kill(SIGHUP);
  make("second");
  running->wait_until([&] { return has("second"); }, "the mode of before still counts");
  running->kill(SIGTERM);
  const Ran ran = running->wait();
  EXPECT_THAT(ran.err, HasSubstr("the new configuration is not valid"));
  EXPECT_THAT(ran.err, HasSubstr("unknown mode"));
}

TEST_F(Serves, NothingOutsideOfItsWindow) {
  make("first");
  write_configuration("200ms", "    windows: {deny: [\"* * * * * for 1h\"]}\n");
  const auto running = controller();
  running->wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where application_name like 'reconcile "
                   "leader%'") == "1";
      },
      "it leads");
  EXPECT_EQ(run_program({RECONCILE_PROGRAM, "--once", "--config", configuration(), "--state",
                         (folder.path() / "once").string()})
                .exit_code,
            3)
      << "a single pass keeps to it as well";
  EXPECT_FALSE(has("first"));
  write_configuration("200ms",
                      "    windows: {time_zone: Europe/Berlin, allow: [\"* * * * * for 1h\"]}\n");
  running->wait_until([&] { return has("first"); }, "the window is open");
}

// Without a terminal a change is a line, and what stays as it is is none.
TEST_F(Serves, AndWhoWatchesSeesWhatChanges) {
  make("first");
  Program watching({RECONCILE_PROGRAM, "status", "--watch", "--config", configuration(), "--state",
                    (folder.path() / "watch").string()});
  const auto running = controller();
  running->wait_until([&] { return has("first"); }, "the first commit is applied");
  running->wait_until([&] { return watching.said().find("stage: in sync") != std::string::npos; },
                      "it is seen");
  watching.kill(SIGTERM);
  const std::string said = watching.wait().out;
  EXPECT_EQ(said.find("stage: in sync"), said.rfind("stage: in sync")) << said;
}

// Were git asked at any other time, the second commit would be seen, and the target be pending.
TEST_F(Serves, AndWhoWatchesAsksGitNoMoreOftenThanItsPoll) {
  const TestDatabase other(TestServer::shared(), TestDatabase::Contents::Nothing);
  std::ofstream(configuration()) << "repository: " << repo.path().string()
                                 << "\npoll: 1h\ntargets:\n  stage:\n    database: \""
                                 << database.conninfo() << "\"\n  prod:\n    database: \""
                                 << other.conninfo() << "\"\n    follows: stage\n";
  const std::string state = (folder.path() / "watch").string();
  make("first");
  const Words line = {RECONCILE_PROGRAM, "--config", configuration(), "--state", state};
  Words command = line;
  command.emplace_back("--once");
  const Ran applied = run_program(command);
  ASSERT_EQ(applied.exit_code, 0) << applied;
  command = line;
  command.insert(command.end(), {"status", "--watch"});
  Program watching(command);
  const auto says = [&](const char* text) {
    return watching.said().find(text) != std::string::npos;
  };
  watching.wait_until([&] { return says("stage: in sync") && says("prod: in sync"); }, "a look");
  make("second");
  other.execute("drop table first");
  watching.wait_until([&] { return says("prod: drifted"); }, "drift is seen in between");
  database.execute("drop table first");
  watching.wait_until([&] { return says("stage: drifted"); }, "and in the next look");
  EXPECT_FALSE(says("stage: pending")) << watching.said();
  watching.kill(SIGTERM);
  EXPECT_EQ(watching.wait().err, "");
}

/// Databases of one server, as tenants of a fleet.
class ServesFleet : public Serves {
 protected:
  ServesFleet() {
    for (int i = 0; i < 6; ++i)
      tenants.push_back(
          std::make_unique<TestDatabase>(TestServer::shared(), TestDatabase::Contents::Nothing));
    std::ranges::sort(tenants, {}, [](const auto& tenant) { return tenant->name(); });
  }
  void write_fleet(const std::string& more) const {
    std::string excluded = database.name();
    std::ofstream(configuration())
        << "repository: " << repo.path().string()
        << "\npoll: 200ms\nlease: 200ms\nhttp: {listen: '127.0.0.1:0'}\nfleets:\n  tenants:\n"
        << "    server: \"" << database.conninfo() << "\"\n    databases: \""
        << "test_%\"\n    exclude: [" << excluded << "]\n    interval: 60s\n"
        << more;
  }
  std::size_t with(const std::string& table) const {
    return static_cast<std::size_t>(std::ranges::count_if(tenants, [&](const auto& tenant) {
      return tenant->value("select to_regclass('public." + table + "') is not null") == "t";
    }));
  }

  /// Two replicas that share the tenants, all of which have the first commit.
  std::array<std::unique_ptr<Program>, 2> both_after(const std::string& table) {
    make(table);
    auto one = controller("one");
    one->wait_until([&] { return with(table) == tenants.size(); }, "all have the first");
    auto two = controller("two");
    two->wait_until(
        [&] {
          return database.value(
                     "select count(distinct pid) from pg_locks where locktype = 'advisory' and "
                     "objsubid = 1 and mode = 'ExclusiveLock'") == "2";
        },
        "both lead some of them");
    return {std::move(one), std::move(two)};
  }

  std::vector<std::unique_ptr<TestDatabase>> tenants;
};

TEST_F(ServesFleet, EveryDatabaseThatIsThereAndThatComes) {
  write_fleet("");
  make("first");
  const auto running = controller();
  running->wait_until([&] { return with("first") == tenants.size(); }, "every tenant has it");
  tenants.push_back(
      std::make_unique<TestDatabase>(TestServer::shared(), TestDatabase::Contents::Nothing));
  running->wait_until([&] { return with("first") == tenants.size(); }, "the new one has it, too");
  EXPECT_FALSE(has("first")) << "it is excluded";
}

// Who leads the next wave has to hear from another replica that the one before it is through.
TEST_F(ServesFleet, InWavesThatSeveralReplicasLead) {
  write_fleet("    canaries: [" + tenants[3]->name() + "]\n    waves: [2, 4]\n");
  const auto [one, two] = both_after("first");
  make("second");
  one->wait_until([&] { return with("second") == tenants.size(); }, "all waves are through");
}

// Only who applies it sees it fail; who leads the next wave has to know as well.
TEST_F(ServesFleet, InWavesWhoseFailuresAllReplicasKnow) {
  write_fleet("    canaries: [" + tenants[3]->name() +
              "]\n    waves: [2]\n    failure_budget: 1\n");
  const auto [one, two] = both_after("first");
  tenants[3]->execute("create table trap (id int)");
  repo.commit("migrations/pre/9_second.sql",
              "do $$ begin if to_regclass('public.trap') is not null then raise exception "
              "'trapped'; end if; end $$; create table second (id int primary key);",
              "Make second");
  one->wait_until([&] { return with("second") + 1 == tenants.size(); }, "all others have it");
  EXPECT_EQ(tenants[3]->value("select outcome from reconcile.revision order by id desc limit 1"),
            "failed");
}

// A revision that fails comes no further than its first wave.
TEST_F(ServesFleet, InWavesThatStopWhereOneFails) {
  write_fleet("    canaries: [" + tenants[3]->name() + "]\n    waves: [2]\n");
  make("first");
  const auto running = controller();
  running->wait_until([&] { return with("first") == tenants.size(); }, "all waves are through");
  tenants[3]->execute("create table second (id int)");
  make("second");
  running->wait_until(
      [&] {
        return tenants[3]->value(
                   "select count(*) from reconcile.revision where outcome in ('failed', 'held')") !=
               "0";
      },
      "the canary has failed");
  tenants[3]->execute("drop table second");
  running->kill(SIGHUP);
  running->wait_until([&] { return with("second") == tenants.size(); },
                      "it goes on once it is mended");
  for (const auto& tenant : tenants) {
    if (tenant == tenants[3]) continue;
    EXPECT_EQ(tenant->value(
                  "select count(*) from reconcile.revision where outcome in ('failed', 'held')"),
              "0")
        << tenant->name();
  }
}

// Replicas share a fleet; each revision comes to each tenant once.
TEST_F(ServesFleet, FromReplicasThatShareIt) {
  write_fleet("");
  make("first");
  const auto one = controller("one");
  const auto two = controller("two");
  one->wait_until([&] { return with("first") == tenants.size(); }, "every tenant has it");
  one->wait_until(
      [&] {
        return database.value(
                   "select string_agg(leases::text, ' ') from (select count(*) as leases from "
                   "pg_locks "
                   "where locktype = 'advisory' and objsubid = 1 and mode = 'ExclusiveLock' group "
                   "by "
                   "pid) shares") == "3 3";
      },
      "each leads half of them");
  make("second");
  one->wait_until([&] { return with("second") == tenants.size(); },
                  "every tenant has the next, too");
  for (const auto& tenant : tenants)
    EXPECT_EQ(tenant->value("select count(*) from reconcile.revision"), "2") << tenant->name();
}

TEST_F(ServesFleet, ForSingleCommandsAsWell) {
  write_fleet("");
  make("first");
  const auto command = [&](Words words) {
    words.insert(words.begin(), RECONCILE_PROGRAM);
    words.insert(words.end(),
                 {"--config", configuration(), "--state", (folder.path() / "one").string()});
    return run_program(words);
  };
  EXPECT_EQ(command({"--once", "--target", tenants[2]->name()}).exit_code, 0);
  EXPECT_EQ(with("first"), 1U);
  EXPECT_EQ(command({"--once"}).exit_code, 0);
  EXPECT_EQ(with("first"), tenants.size());
  const Ran unknown = command({"status", "--target", "nobody"});
  EXPECT_EQ(unknown.exit_code, 64) << unknown;
  EXPECT_EQ(command({"rollback", "--to", "HEAD"}).exit_code, 64);
}

}  // namespace
}  // namespace reconcile::test
