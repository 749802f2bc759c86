#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "tests/support/http_server.h"
#include "tests/support/pass_fixture.h"

// What runs beside the database: Directus servers that are told, and the command that installs it.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kClear = "POST /utils/cache/clear?system";

SnapshotText clubs(const std::string& note = "null") {
  SnapshotText snapshot;
  snapshot.collection("clubs").text("clubs.name", note);
  return snapshot;
}

HttpAnswer good(const HttpAsked&) { return HttpAnswer::status(200); }

class Beside : public PassTest {
 protected:
  /// A pass that tells these instances.
  Ran tell(const std::string& addresses, Words command = {"--once"}) const {
    return run(std::move(command), {"RECONCILE_DIRECTUS_URL=" + addresses,
                                    "RECONCILE_DIRECTUS_TOKEN=very-secret-token"});
  }
  std::string stale() const {
    return database.value(
        "select coalesce(string_agg(name || ' ' || left(revision, 10) || ' ' || tries, ', '), '') "
        "from reconcile.stale_instance");
  }
};

TEST_F(Beside, EveryInstanceIsToldAndAsked) {
  const HttpServer one(good);
  const HttpServer two(good);
  repo.commit(kSnapshot, clubs(), "Clubs");
  const std::string both = one.address() + "," + two.address();
  const Ran first = tell(both);
  EXPECT_EQ(first.exit_code, 0) << first;
  EXPECT_THAT(first.err,
              AllOf(HasSubstr("note: " + one.address() + " has forgotten the old schema"),
                    HasSubstr("note: " + two.address()), Not(HasSubstr("warning"))));
  for (const HttpServer* server : {&one, &two})
    EXPECT_THAT(server->lines(), ElementsAre(kClear, "GET /items/clubs?limit=0&fields=id,name"));
  EXPECT_EQ(stale(), "");

  const Ran second = tell(both);  // nothing changed, so nobody is told
  EXPECT_EQ(second.exit_code, 0) << second;
  repo.commit("README.md", "Hello\n", "Write the README");
  EXPECT_EQ(tell(both).exit_code, 0);
  EXPECT_THAT(one.lines(), SizeIs(2));

  // A note is no matter of the schema: clearing is enough to know that it is there.
  repo.commit(kSnapshot, clubs("Note").text("clubs.motto"), "Motto");
  EXPECT_EQ(tell(both).exit_code, 0);
  EXPECT_THAT(one.lines().back(), "GET /items/clubs?limit=0&fields=name,motto");
}

TEST_F(Beside, SqlAloneIsToldAsWell) {
  const HttpServer server(good);
  repo.commit("migrations/pre/001_t.sql", "create table t (n integer);", "SQL");
  EXPECT_EQ(tell(server.address()).exit_code, 0);
  EXPECT_THAT(server.lines(), ElementsAre(kClear));
}

TEST_F(Beside, WhatIsRemovedMustBeGone) {
  const HttpServer server([](const HttpAsked& asked) {
    const bool gone = asked.target.find("members") != std::string::npos ||
                      asked.target.find("motto") != std::string::npos;
    return HttpAnswer::status(gone ? 403 : 200);
  });
  apply(kSnapshot, clubs().text("clubs.motto").collection("members"));
  repo.commit(kSnapshot, clubs(),
              "Remove\n\nAllow-Destructive: collection members\n"
              "Allow-Destructive: field clubs.motto\n");
  const Ran ran = tell(server.address());
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, Not(HasSubstr("warning"))) << ran;
  EXPECT_THAT(server.lines(),
              testing::UnorderedElementsAre(kClear, "GET /items/clubs?limit=0&fields=motto",
                                            "GET /items/members?limit=0"));
}

TEST_F(Beside, OneThatServesTheOldSchemaIsClearedAgain) {
  int asked_for_clubs = 0;
  const HttpServer server([&](const HttpAsked& asked) {
    const bool old = asked.method == "GET" && asked_for_clubs++ == 0;
    return HttpAnswer::status(old ? 403 : 200);
  });
  repo.commit(kSnapshot, clubs(), "Clubs");
  const Ran ran = tell(server.address());
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("serves the new one"), Not(HasSubstr("warning"))));
  const std::string probe = "GET /items/clubs?limit=0&fields=id,name";
  EXPECT_THAT(server.lines(), ElementsAre(kClear, probe, kClear, probe));
  EXPECT_EQ(stale(), "");
}

TEST_F(Beside, OneThatIsDownIsToldByALaterPass) {
  const HttpServer up(good);
  const std::uint16_t port = free_port();
  const std::string down = "http://127.0.0.1:" + std::to_string(port);
  const std::string both = up.address() + ',' + down;
  const std::string commit = repo.commit(kSnapshot, clubs(), "Clubs");
  const Ran first = tell(both);
  EXPECT_EQ(first.exit_code, 0) << first;
  EXPECT_TRUE(first.says("applied")) << first;
  EXPECT_THAT(first.err, AllOf(HasSubstr("warning: " + down + ": it cannot be reached"),
                               HasSubstr("from before " + commit.substr(0, 10)),
                               Not(HasSubstr("very-secret-token"))));
  EXPECT_EQ(stale(), down + ' ' + commit.substr(0, 10) + " 1");

  // Who only looks says so and tries nothing; a pass in sync tries again.
  const Ran looked = tell(both, {"plan"});
  EXPECT_EQ(looked.exit_code, 0) << looked;
  EXPECT_THAT(looked.err, AllOf(HasSubstr("warning: " + down), HasSubstr("since 20")));
  const auto json = boost::json::parse(tell(both, {"--once", "--output", "json"}).out).as_object();
  EXPECT_EQ(json.at("outcome"), "in-sync");
  EXPECT_THAT(json.at("warnings").as_array(), SizeIs(1));
  EXPECT_EQ(stale(), down + ' ' + commit.substr(0, 10) + " 2");

  const HttpServer late(good, port);
  const Ran second = tell(both);
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_TRUE(second.says("in sync")) << second;
  EXPECT_THAT(second.err, AllOf(HasSubstr("note: " + down +
                                          " has been told now, and had not known "
                                          "of " +
                                          commit.substr(0, 10)),
                                Not(HasSubstr("warning"))));
  EXPECT_THAT(late.lines(), ElementsAre(kClear));
  EXPECT_EQ(stale(), "");
  EXPECT_THAT(tell(both).err, Not(HasSubstr(down)));
  EXPECT_THAT(up.lines(), SizeIs(2));  // only in the first pass
}

TEST_F(Beside, AWrongTokenIsNotTriedAgainInTheSamePass) {
  const HttpServer server([](const HttpAsked&) {
    return HttpAnswer::status(403, R"({"errors":[{"message":"No permission."}]})");
  });
  repo.commit(kSnapshot, clubs(), "Clubs");
  const Ran ran = tell(server.address());
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("it answers 403: No permission."),
                             HasSubstr("give the static token of an admin")));
  EXPECT_THAT(server.lines(), ElementsAre(kClear));
}

TEST_F(Beside, OneThatIsNoLongerConfiguredIsForgotten) {
  const HttpServer server(good);
  repo.commit(kSnapshot, clubs(), "Clubs");
  EXPECT_EQ(tell("http://127.0.0.1:" + std::to_string(free_port())).exit_code, 0);
  EXPECT_THAT(stale(), Not(IsEmpty()));
  repo.commit(kSnapshot, clubs("Note"), "Note");
  EXPECT_EQ(tell(server.address()).exit_code, 0);
  EXPECT_EQ(stale(), "");
}

TEST_F(Beside, TheTaskIsWrittenDownBeforeItIsDone) {
  // The program is killed while the instance lets it wait: the revision is live, the task is kept.
  const HttpServer server([](const HttpAsked&) { return HttpAnswer::hang(); });
  const std::string commit = repo.commit(kSnapshot, clubs(), "Clubs");
  Program program(checkout.line(database.conninfo(), {"--once"}),
                  {"RECONCILE_DIRECTUS_URL=" + server.address(), "RECONCILE_DIRECTUS_TOKEN=t"});
  program.wait_until([&] { return !server.lines().empty(); }, "the request");
  program.kill(SIGKILL);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
  EXPECT_EQ(database.value("select commit from reconcile.revision where applied"), commit);
  EXPECT_EQ(stale(), server.address() + ' ' + commit.substr(0, 10) + " 0");
}

TEST_F(Beside, ALedgerOfAnEarlierVersionIsReadAndCompleted) {
  apply(kSnapshot, clubs());
  database.execute(
      "drop table reconcile.stale_instance; alter table reconcile.revision drop column settled;"
      "comment on schema reconcile is 'Ledger of the reconcile controller: do not edit by hand'");
  for (const char* command : {"plan", "status", "history"})
    EXPECT_EQ(run({command}).exit_code, 0) << command;
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(stale(), "");
  EXPECT_THAT(database.value("select obj_description('reconcile'::regnamespace)"),
              HasSubstr(", layout "));
  const std::string rows = ledger();
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(ledger(), rows);
}

// ---- a database without Directus

class Bootstrap : public testing::Test {
 protected:
  /// `bash -c SCRIPT` is what installs Directus.
  void configure(const std::string& script, const std::string& timeout = "60s") const {
    std::ofstream(checkout.state.path() / "reconcile.yaml")
        << "targets:\n  default:\n    database: " << database.conninfo()
        << "\n    directus:\n      bootstrap: [bash, -c, \"" << script
        << "\"]\n      bootstrap_timeout: " << timeout << "\n";
  }
  std::vector<std::string> line(const std::string& command) const {
    return {RECONCILE_PROGRAM, command,
            "--repo",          checkout.repo.path(),
            "--state",         checkout.state.path(),
            "--config",        checkout.state.path() / "reconcile.yaml"};
  }
  Ran run(const std::string& command) const { return run_program(line(command)); }
  std::string tables() const {
    return database.value(
        "select count(*) from pg_tables where schemaname not like 'pg\\_%' and "
        "schemaname <> 'information_schema'");
  }
  std::string install() const {
    return "psql --quiet --set ON_ERROR_STOP=1 --dbname '" + database.conninfo() + "' --file " +
           RECONCILE_SOURCE_DIR "/tests/support/directus_system_tables.sql";
  }

  Checkout checkout;
  TestDatabase database{TestServer::shared(), TestDatabase::Contents::Nothing};
};

TEST_F(Bootstrap, InstallsDirectusAndGoesOn) {
  checkout.repo.write("migrations/post/001_c.sql", "comment on table clubs is 'Clubs';");
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  configure(install());
  const Ran planned = run("plan");
  EXPECT_EQ(planned.exit_code, 2) << planned;
  EXPECT_THAT(planned.out, AllOf(HasSubstr("command bash -c psql"),
                                 HasSubstr("Directus is not installed in this database"),
                                 HasSubstr("001_c.sql")));
  EXPECT_THAT(planned.err, HasSubstr("can only be planned once Directus is installed"));
  EXPECT_EQ(tables(), "0");

  const Ran ran = run("--once");
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("note: Directus was not installed here, so `bash -c psql"));
  EXPECT_EQ(database.value("select obj_description('clubs'::regclass)"), "Clubs");
  const Ran again = run("--once");
  EXPECT_TRUE(again.says("in sync")) << again;
  EXPECT_THAT(again.err, Not(HasSubstr("bash -c")));
}

TEST_F(Bootstrap, IsNotForARevisionWithoutASnapshot) {
  checkout.repo.commit("migrations/pre/001_t.sql", "create table t (n integer);", "SQL");
  configure("exit 1");
  EXPECT_EQ(run("--once").exit_code, 0);
}

TEST_F(Bootstrap, IsNotRunForARevisionThatIsHeldAnyway) {
  checkout.repo.commit("migrations/pre/001_t.sql", "create table t (n integer);", "SQL");
  configure(install());
  EXPECT_EQ(run("--once").exit_code, 0);
  checkout.repo.write("migrations/pre/001_t.sql", "create table u (n integer);");
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  const Ran ran = run("--once");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, HasSubstr("MigrationEdited"));
  EXPECT_EQ(database.value("select to_regclass('directus_fields') is null"), "t");
}

TEST_F(Bootstrap, ACommandThatFailsSaysWhy) {
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  configure("echo 'no such host'; exit 4");
  const Ran ran = run("--once");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("failed with exit status 4 (bootstrap stage)"),
                             HasSubstr("no such host"), HasSubstr("run it by hand")));
  EXPECT_EQ(tables(), "0");
}

TEST_F(Bootstrap, ACommandForAnotherDatabaseIsNoticed) {
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  configure("true");
  const Ran ran = run("--once");
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("still not installed in this database"), HasSubstr("DB_DATABASE")));
}

TEST_F(Bootstrap, IsKilledWithTheProgram) {
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  const std::string file = (checkout.state.path() / "pid").string();
  configure("sleep 300 & echo $! > " + file + "; wait");
  Program program(line("--once"));
  const auto pid = [&] {
    std::ifstream stream(file);
    std::string text;
    std::getline(stream, text);
    return text;
  };
  program.wait_until([&] { return !pid().empty(); }, "the command");
  program.kill(SIGTERM);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGTERM);
  Program clock({"/bin/sleep", "10"});
  clock.wait_until([&] { return ::kill(std::stoi(pid()), 0) != 0; }, "the end of what it started");
}

TEST_F(Bootstrap, OfADirectusThatWasThereIsAPersonsMatter) {
  checkout.repo.commit(kSnapshot, clubs(), "Clubs");
  configure(install());
  EXPECT_EQ(run("--once").exit_code, 0);
  database.execute("alter table directus_relations rename to gone");
  const Ran ran = run("--once");
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("WaitingForDirectus"), HasSubstr("it was there when")));
}

// ---- what needs no reading

TEST_F(Beside, WhatIsAppliedIsRecognisedWithoutItsFiles) {
  repo.write("migrations/pre/001_t.sql", "create table t (n integer);");
  apply(kSnapshot, clubs());
  const auto reads = [&] { return once({"-v"}).complains("read its files"); };
  EXPECT_FALSE(reads());
  repo.commit("README.md", "Hello\n", "Write the README");
  EXPECT_FALSE(reads());
  repo.commit("migrations/pre/002_u.sql", "create table u (n integer);", "SQL");
  EXPECT_TRUE(reads());
  EXPECT_FALSE(reads());
  database.execute("alter table clubs add column by_hand integer");
  EXPECT_TRUE(reads());
}

TEST_F(Beside, OtherLabelsOfATargetAreLookedAtAgain) {
  repo.write("migrations/pre/001_t.sql", "create table t (n integer);")
      .write("migrations/pre/002_stage.sql", "-- reconcile: only stage\ninsert into t values (1);");
  apply(kSnapshot, clubs());
  EXPECT_EQ(count("t"), "0");
  const std::string rows = ledger();
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(ledger(), rows);
  EXPECT_EQ(run({"--once"}, {"RECONCILE_ENVIRONMENT=stage"}).exit_code, 0);
  EXPECT_EQ(count("t"), "1");
}

TEST_F(Beside, ARecordThatIsGoneIsLookedAtAgain) {
  apply("migrations/pre/001_t.sql", "create table if not exists t (n integer);");
  database.execute("delete from reconcile.migration");
  EXPECT_TRUE(once().says("001_t.sql"));
  EXPECT_EQ(count("reconcile.migration"), "1");
}

TEST_F(Beside, TheSameFilesInAnotherCommitOnlyMoveTheLedger) {
  apply(kSnapshot, clubs());
  const std::string commit = repo.commit("README.md", "Hello\n", "Write the README");
  const Ran looked = run({"plan"});
  EXPECT_EQ(looked.exit_code, 0) << looked;
  EXPECT_EQ(ledger(), "1/1");
  // Somebody holds the ledger for longer than one try waits: the next try reads everything.
  std::ofstream(checkout.state.path() / "config.yaml")
      << "targets:\n  default:\n    lock_timeout: 100ms\n";
  Connection other = database.connect();
  other.execute("begin; lock table reconcile.revision in share row exclusive mode");
  Program program(checkout.line(database.conninfo(),
                                {"--once", "--config", checkout.state.path() / "config.yaml"}));
  program.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where wait_event_type = "
                   "'Lock' and query like 'lock table reconcile%'") == "1";
      },
      "the wait for the ledger");
  program.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where wait_event_type = "
                   "'Lock' and query like 'lock table reconcile%'") == "0";
      },
      "the end of the first try");
  other.execute("commit");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_TRUE(ran.says("in sync")) << ran;
  EXPECT_TRUE(ran.complains("attempt 1 gave way")) << ran;
  EXPECT_EQ(database.value("select commit || steps from reconcile.revision where applied order by "
                           "id desc limit 1"),
            commit + "0");
}

TEST_F(Beside, ALinkIntoAnotherFolderIsFollowedBeforeFilesAreCompared) {
  repo.write("shared/001.sql", "create table t (n integer);")
      .link("migrations/pre/001_t.sql", "../../shared/001.sql");
  apply(kSnapshot, clubs());
  repo.commit("shared/001.sql", "create table other (n integer);", "Edit behind the link");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_TRUE(ran.complains("MigrationEdited")) << ran;
}

}  // namespace
}  // namespace reconcile::test
