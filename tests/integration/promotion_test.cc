#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "controller/net/hmac.h"
#include "controller/net/http_client.h"
#include "tests/support/http_server.h"
#include "tests/support/pass_fixture.h"

// A target that gets its revisions from another one.
namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ServesInTurn : public PassTest {
 protected:
  /// `prod` follows `stage`.
  void write_configuration(const std::string& soak, const std::string& more = "") const {
    std::ofstream(configuration())
        << "repository: " << repo.path().string()
        << "\npoll: 200ms\nlease: 200ms\nhttp: {listen: '127.0.0.1:0'}\n"
        << more << "targets:\n  stage:\n    database: \"" << database.conninfo()
        << "\"\n    interval: 500ms\n  prod:\n    database: \"" << prod.conninfo()
        << "\"\n    interval: 1h\n    follows: stage\n    soak: " << soak << "\n";
  }
  std::string configuration() const { return (folder.path() / "reconcile.yaml").string(); }
  std::unique_ptr<Program> controller() const {
    return std::make_unique<Program>(Words{RECONCILE_PROGRAM, "--config", configuration(),
                                           "--state", (folder.path() / "state").string()});
  }
  Ran command(Words words) const {
    words.insert(words.begin(), RECONCILE_PROGRAM);
    words.insert(words.end(),
                 {"--config", configuration(), "--state", (folder.path() / "once").string()});
    return run_program(words);
  }
  std::string make(const std::string& table, const std::string& sql = "(id int primary key)") {
    return repo.commit("migrations/pre/" + std::to_string(++files_) + "_" + table + ".sql",
                       "create table " + table + " " + sql + ";", "Make " + table);
  }
  static bool has(const TestDatabase& where, const std::string& table) {
    return where.value("select to_regclass('public." + table + "') is not null") == "t";
  }
  /// Seconds from the commit on stage to the commit on prod.
  double waited(const std::string& commit) const {
    const std::string when =
        "select extract(epoch from min(finished_at)) from reconcile.revision where applied and "
        "commit = '" +
        commit + "'";
    return std::stod(prod.value(when)) - std::stod(database.value(when));
  }
  /// Makes stage look as if it had come to what it has so much earlier.
  void age_stage(const std::string& interval) const {
    database.execute("update reconcile.revision set finished_at = finished_at - interval '" +
                     interval + "', started_at = started_at - interval '" + interval + "'");
  }

  TestDatabase prod;
  TempFolder folder;

 private:
  int files_ = 0;
};

// The interval of prod is an hour: nothing but the end of the soak makes it look again.
TEST_F(ServesInTurn, OnceItsTimeIsOver) {
  write_configuration("2s");
  const std::string first = make("first");
  const auto running = controller();
  running->wait_until([&] { return has(database, "first"); }, "stage has it");
  EXPECT_FALSE(has(prod, "first"));
  running->wait_until([&] { return has(prod, "first"); }, "prod has it, too");
  EXPECT_GE(waited(first), 2.0);
  const std::string second = make("second");
  running->wait_until([&] { return has(prod, "second"); }, "and the next one");
  EXPECT_GE(waited(second), 2.0);
  EXPECT_EQ(prod.value("select string_agg(outcome, ' ' order by id) from reconcile.revision"),
            "applied applied");
}

TEST_F(ServesInTurn, NotWhatFailsThere) {
  write_configuration("1s");
  make("first");
  const auto running = controller();
  running->wait_until([&] { return has(prod, "first"); }, "prod has the first commit");
  make("second", "(id nonsense)");
  running->wait_until(
      [&] {
        return database.value(
                   "select coalesce(sum(times), 0) >= 1 from reconcile.revision where outcome = "
                   "'failed'") == "t";
      },
      "stage has failed");
  repo.commit("migrations/pre/2_second.sql", "create table second (id int primary key);", "Mended");
  running->wait_until([&] { return has(prod, "second"); }, "what is mended comes to prod");
  EXPECT_EQ(prod.value("select string_agg(outcome, ' ' order by id) from reconcile.revision"),
            "applied applied")
      << "prod has never tried what failed on stage";
}

// What soaked comes although stage has gone on; what was replaced before that does not.
TEST_F(ServesInTurn, WhatHasSoakedAlthoughThereIsMore) {
  write_configuration("1h");
  const std::string soaked = make("soaked");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("2h");
  make("replaced");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("10 minutes");
  const std::string newest = make("newest");
  const auto running = controller();
  running->wait_until([&] { return has(prod, "soaked"); }, "prod has what has soaked");
  running->wait_until([&] { return has(database, "newest"); }, "stage has the newest");
  running->kill(SIGTERM);
  EXPECT_EQ(running->wait().exit_code, 0);
  EXPECT_FALSE(has(prod, "replaced"));
  EXPECT_FALSE(has(prod, "newest"));
  age_stage("2h");
  const Ran once = command({"--once", "--target", "prod"});
  EXPECT_EQ(once.exit_code, 0) << once;
  EXPECT_TRUE(has(prod, "newest"));
  EXPECT_EQ(prod.value("select string_agg(commit, ' ' order by id) from reconcile.revision"),
            soaked + " " + newest);
}

// The time is stage's own: whoever starts, and however often, reads it there.
TEST_F(ServesInTurn, HoweverOftenItIsStarted) {
  write_configuration("1h");
  const std::string first = make("first");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("59 minutes 50 seconds");
  auto running = controller();
  running->wait_until(
      [&] {
        return database.value(
                   "select count(distinct datname) from pg_stat_activity where application_name "
                   "like 'reconcile leader %' and datname in ('" +
                   database.name() + "', '" + prod.name() + "')") == "2";
      },
      "it leads both");
  running->kill(SIGKILL);
  running = controller();
  running->wait_until([&] { return has(prod, "first"); }, "prod has it in the end");
  EXPECT_GE(waited(first), 3600.0);
}

TEST_F(ServesInTurn, AndASinglePassAsWell) {
  write_configuration("1h");
  const std::string first = make("first");
  const Ran before = command({"--once", "--target", "prod"});
  EXPECT_EQ(before.exit_code, 3) << before;
  EXPECT_THAT(before.err, HasSubstr("WaitingForTarget"));
  EXPECT_THAT(before.err, HasSubstr("stage has to be at " + first.substr(0, 10) + " for 1h first"));
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  const Ran soaking = command({"--once", "--target", "prod"});
  EXPECT_EQ(soaking.exit_code, 3) << soaking;
  EXPECT_THAT(soaking.err, HasSubstr("stage has " + first.substr(0, 10) + " since 20"));
  EXPECT_FALSE(has(prod, "first"));
  age_stage("2h");
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 0);
  EXPECT_TRUE(has(prod, "first"));
  const std::string second = make("second");
  const Ran in_sync = command({"--once", "--target", "prod"});
  EXPECT_EQ(in_sync.exit_code, 0) << in_sync;
  EXPECT_THAT(in_sync.out + in_sync.err, HasSubstr("stage has to be at " + second.substr(0, 10)));
  EXPECT_EQ(command({"--once", "--target", "prod", "--revision", second}).exit_code, 0)
      << "who names a revision does not wait";
  EXPECT_TRUE(has(prod, "second"));
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 0)
      << "what stage has is older, and says nothing against it";
}

TEST_F(ServesInTurn, NothingWhileSomethingIsWrongThere) {
  write_configuration("1h");
  make("first");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("2h");
  database.execute("alter table first drop constraint first_pkey");
  const Ran drifted = command({"--once", "--target", "prod"});
  EXPECT_EQ(drifted.exit_code, 3) << drifted;
  EXPECT_THAT(drifted.err, HasSubstr("nothing comes from stage now: its state is \"drifted\""));
  ASSERT_EQ(command({"heal", "--target", "stage"}).exit_code, 0);
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 0);
  EXPECT_TRUE(has(prod, "first")) << "healing the same commit does not begin its time anew";
}

// A look at stage does not say that it breaks when it is applied; its ledger does.
TEST_F(ServesInTurn, NothingWhileStageHasFailedAtWhatOnlyBreaksWhenApplied) {
  write_configuration("1h");
  make("first");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("2h");
  repo.commit("migrations/pre/2_breaks.sql", "select 1 / 0;", "Breaks");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 1);
  EXPECT_EQ(command({"plan", "--target", "stage"}).exit_code, 2) << "a plan is a plan";
  ASSERT_EQ(command({"suspend", "--target", "stage", "--reason", "x"}).exit_code, 0);
  ASSERT_EQ(command({"resume", "--target", "stage"}).exit_code, 0);
  const Ran held = command({"--once", "--target", "prod"});
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, HasSubstr("nothing comes from stage now: its state is \"failed\""));
  EXPECT_FALSE(has(prod, "first"));
  repo.commit("migrations/pre/2_breaks.sql", "select 1;", "Mended");
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 0);
  EXPECT_TRUE(has(prod, "first"));
}

// What stage went back from does not come, however long stage had it.
TEST_F(ServesInTurn, NotWhatStageWentBackFrom) {
  write_configuration("1h");
  const std::string first = make("first");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("2h");
  make("second");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  age_stage("2h");
  const Ran back = command({"rollback", "--to", first, "--yes", "--target", "stage"});
  ASSERT_EQ(back.exit_code, 0) << back;
  const Ran held = command({"--once", "--target", "prod"});
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_THAT(held.err, HasSubstr("nothing comes from stage now"));
  make("third");
  ASSERT_EQ(command({"--once", "--target", "stage"}).exit_code, 0);
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 3);
  EXPECT_FALSE(has(prod, "first"));
  age_stage("2h");
  EXPECT_EQ(command({"--once", "--target", "prod"}).exit_code, 0);
  EXPECT_TRUE(has(prod, "third"));
}

/// Tags, and branches, of one target each.
class ServesTags : public ServesInTurn {
 protected:
  void write_selections(const std::string& stage, const std::string& of_prod,
                        const std::string& top = "") const {
    std::ofstream(configuration())
        << "repository: " << repo.path().string()
        << "\npoll: 200ms\nlease: 200ms\nhttp: {listen: '127.0.0.1:0'}\n"
        << top << "targets:\n  stage:\n    database: \"" << database.conninfo() << "\"\n"
        << stage << "  prod:\n    database: \"" << prod.conninfo() << "\"\n"
        << of_prod;
  }
};

TEST_F(ServesTags, EachTargetWhatItSaysAndItsNewestTag) {
  write_selections("    branch: main\n", "    tag: \"v*\"\n");
  make("first");
  repo.run({"tag", "v1.0.0"});
  make("second");
  const auto running = controller();
  running->wait_until([&] { return has(prod, "first") && has(database, "second"); },
                      "each has its own");
  EXPECT_FALSE(has(prod, "second"));
  repo.run({"tag", "-a", "-m", "Release", "v1.1.0"});
  running->wait_until([&] { return has(prod, "second"); }, "the new tag comes");
  make("third");
  repo.run({"tag", "other-2"});
  running->wait_until([&] { return has(database, "third"); }, "the branch comes");
  EXPECT_FALSE(has(prod, "third"));
  repo.run({"tag", "v1.10.0"});
  running->wait_until([&] { return has(prod, "third"); }, "v1.10.0 is above v1.1.0");
}

// Git is asked once in an hour: what comes sooner, a push has told.
TEST_F(ServesTags, AsSoonAsAPushTells) {
  const std::string secret(32, 's');
  std::ofstream(folder.path() / "hook") << secret;
  const std::uint16_t port = free_port();
  std::ofstream(configuration()) << "repository: " << repo.path().string()
                                 << "\npoll: 1h\nlease: 200ms\nhttp: {listen: '127.0.0.1:" << port
                                 << "', generic_secret_file: " << (folder.path() / "hook").string()
                                 << "}\ntargets:\n  prod: {tag: 'v*', database: \""
                                 << prod.conninfo() << "\"}\n";
  const auto pushed = [&](const std::string& ref) {
    const std::string body = boost::json::serialize(
        boost::json::object{{"ref", ref}, {"repository", repo.path().string()}});
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const std::string digest = net::hmac_sha256(secret, fmt::format("{}.{}", now, body));
    const auto heard =
        net::send({.name = "the controller", .host = "127.0.0.1", .port = port},
                  {.method = "POST",
                   .target = "/hooks/generic",
                   .headers = {{"Content-Type", "application/json"},
                               {"X-Reconcile-Signature", fmt::format("t={},v1={}", now, digest)}},
                   .body = body},
                  {}, "");
    return heard ? heard->status : 0;
  };
  make("first");
  repo.run({"tag", "v1"});
  const auto running = controller();
  running->wait_until([&] { return has(prod, "first"); }, "the first tag is there");
  make("second");
  repo.run({"tag", "v2"});
  EXPECT_EQ(pushed("refs/heads/main"), 200U) << "nobody follows the branch";
  EXPECT_FALSE(has(prod, "second"));
  EXPECT_EQ(pushed("refs/tags/v2"), 202U);
  running->wait_until([&] { return has(prod, "second"); }, "the tag has come");
}

TEST_F(ServesTags, ForSingleCommandsAsWell) {
  write_selections("", "    branch: release\n", "tag: \"v*\"\n");
  make("first");
  repo.run({"tag", "v1.0.0"});
  repo.run({"branch", "release"});
  make("second");
  EXPECT_EQ(command({"--once"}).exit_code, 0);
  EXPECT_TRUE(has(database, "first"));
  EXPECT_FALSE(has(database, "second"));
  EXPECT_TRUE(has(prod, "first"));
  EXPECT_FALSE(has(prod, "second"));
  EXPECT_EQ(command({"plan", "--target", "stage"}).exit_code, 0);
  EXPECT_EQ(command({"plan", "--target", "stage", "--branch", "main"}).exit_code, 2);
  repo.run({"tag", "w2"});
  EXPECT_EQ(command({"--once", "--tag", "w*"}).exit_code, 0);
  EXPECT_TRUE(has(database, "second"));
  EXPECT_TRUE(has(prod, "second"));
  const Ran none = command({"--once", "--tag", "x*"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no tag with a version that matches x*"));
}

}  // namespace
}  // namespace reconcile::test
