#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "controller/net/http_client.h"
#include "controller/postgres/alert_book.h"
#include "controller/postgres/session_leadership.h"
#include "tests/support/git_server.h"
#include "tests/support/http_server.h"
#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// Who was told of what outlives the process that told it.
namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr auto kSoon = 60s;

class AlertBooks : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  AlertBooks() {
    repo.commit("migrations/pre/001_first.sql",
                "create table first (id int primary key);\n"
                "create index first_a on first (id); create index first_b on first (id);\n"
                "create index first_c on first (id);\n",
                "First");
    configure(target("stage", database));
  }
  ~AlertBooks() override {
    if (HasFailure() && running) ADD_FAILURE() << stop();
  }

  static std::string target(const std::string& name, const TestDatabase& its,
                            const std::string& more = "") {
    return fmt::format("  {}:\n    database: \"{}\"\n    interval: 300ms\n{}", name, its.conninfo(),
                       more);
  }
  void configure(const std::string& targets, const std::string& section = "targets",
                 const std::string& git = "") const {
    std::ofstream(file()) << fmt::format(
        "repository: {}\npoll: 200ms\nlease: 200ms\n{}http: {{listen: '127.0.0.1:{}'}}\n"
        "notify:\n  ops: {{type: webhook, url: '{}/ops', events: [critical, warning]}}\n{}:\n{}",
        git.empty() ? repo.path().string() : git.substr(0, git.find('\n')),
        git.empty() ? "" : git.substr(git.find('\n') + 1), port, people.address(), section,
        targets);
  }
  std::string file() const { return (folder.path() / "reconcile.yaml").string(); }
  void start(const std::string& name = "one", const std::string& configuration = "reconcile.yaml") {
    running = std::make_unique<Program>(Words{RECONCILE_PROGRAM, "--config",
                                              (folder.path() / configuration).string(), "--state",
                                              (folder.path() / name).string()});
  }
  void kill() {
    running->kill(SIGKILL);
    running->wait();
    running.reset();
  }
  /// Asks it to end; returns its log.
  std::string stop() {
    running->kill(SIGTERM);
    const std::string log = running->wait().err;
    running.reset();
    return log;
  }
  void eventually(const std::string& what, const std::function<bool()>& holds) const {
    running->wait_until(holds, what, kSoon);
  }

  /// How often somebody was told something of which both are a part.
  std::ptrdiff_t told(const std::string& kind, const std::string& what) const {
    const auto asked = people.asked();
    return std::ranges::count_if(asked, [&](const HttpAsked& each) {
      return each.body.find("\"kind\":\"" + kind + "\"") != std::string::npos &&
             each.body.find(what) != std::string::npos;
    });
  }
  /// The book of a target, as it lies in a database; empty where there is none.
  static std::string book(const TestDatabase& its, const std::string& name = "stage") {
    if (its.value("select to_regclass('reconcile.alert_book') is null") == "t") return "";
    return its.value("select coalesce(max(book), '') from reconcile.alert_book where target = '" +
                     name + "'");
  }
  /// Transactions in the database until now, the test's own included.
  long commits() const {
    return std::stol(database.value(
        "select xact_commit from pg_stat_database where datname = current_database()"));
  }
  /// Whether the book says that its drift was told, and has arrived.
  static bool is_noted(const std::string& index, const TestDatabase& its, const std::string& name) {
    const std::string text = book(its, name);
    const std::size_t entry = text.find(index + "\":{");
    return entry != std::string::npos &&
           text.find("\"delivered\":true", entry) != std::string::npos;
  }
  /// Somebody drops an index by hand, and it is told and written down.
  void drop(const std::string& index, const TestDatabase& its, const std::string& name = "stage") {
    its.execute("drop index " + index);
    eventually("it is told that " + index + " is gone", [&] { return told("firing", index) > 0; });
    eventually("it is written down", [&] { return is_noted(index, its, name); });
  }
  void begin() {
    start();
    eventually("the first commit is live", [&] {
      return book(database).find("\"live\":\"" + repo.id_of("HEAD")) != std::string::npos;
    });
  }

  GitRepo repo;
  TestDatabase database{TestServer::shared(), TestDatabase::Contents::Nothing};
  TempFolder folder;
  HttpServer people{[](const HttpAsked&) { return HttpAnswer::status(200); }};
  const std::uint16_t port = free_port();
  std::unique_ptr<Program> running;
};

TEST_F(AlertBooks, AControllerThatIsStartedAgainTellsNothingTwice) {
  begin();
  drop("first_a", database);
  kill();
  start("two");
  drop("first_b", database);
  EXPECT_EQ(told("firing", "first_a"), 1);
  EXPECT_EQ(told("firing", "first_b"), 1);
}

TEST_F(AlertBooks, WhatWasHealedWhileNobodyWatchedIsOver) {
  begin();
  drop("first_a", database);
  kill();
  database.execute("create index first_a on first (id)");
  repo.commit("migrations/pre/002_next.sql", "create table next (id int);", "Next");
  start();
  eventually("it is told that it is over", [&] { return told("resolved", "first_a") == 1; });
  eventually("nothing of it is kept",
             [&] { return book(database).find("first_a") == std::string::npos; });
  EXPECT_EQ(told("firing", ""), 1);
}

TEST_F(AlertBooks, AnotherReplicaGoesOnWithThem) {
  begin();
  drop("first_a", database);
  const auto one = std::move(running);
  std::ofstream(folder.path() / "two.yaml") << [&] {
    std::ifstream in(file());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::string listen = "listen: '127.0.0.1:";
    const std::size_t at = text.find(listen) + listen.size();
    return text.replace(at, text.find('\'', at) - at, "0");
  }();
  start("two", "two.yaml");
  eventually("two replicas share the database", [&] {
    return database.value(
               "select count(*) from pg_locks where locktype = 'advisory' and mode = "
               "'ShareLock' and database = (select oid from pg_database where datname = "
               "current_database())") == "2";
  });
  one->kill(SIGKILL);
  one->wait();
  drop("first_b", database);
  EXPECT_EQ(told("firing", "first_a"), 1);
  EXPECT_EQ(told("firing", ""), 2);
  EXPECT_EQ(told("resolved", ""), 0);
}

// Passes are made all the time, and nothing is written as long as nothing is news.
TEST_F(AlertBooks, AreWrittenOnlyWhenSomethingIsNews) {
  begin();
  drop("first_a", database);
  const auto written = [&] {
    return database.value("select version || ' ' || xmin::text from reconcile.alert_book");
  };
  const auto commits = [&] {
    return std::stol(
        database.value("select xact_commit from pg_stat_database where datname = "
                       "current_database()"));
  };
  const std::string before = written();
  const long begun = commits();
  eventually("passes have been made", [&] { return commits() > begun + 60; });
  EXPECT_EQ(written(), before);
}

TEST_F(AlertBooks, ATargetThatIsTakenOutIsOverAndForgotten) {
  const TestDatabase other(TestServer::shared(), TestDatabase::Contents::Nothing);
  configure(target("other", other) + target("stage", database));
  begin();
  eventually("the other one is live, too", [&] { return !book(other, "other").empty(); });
  drop("first_a", other, "other");
  drop("first_b", database);
  configure(target("stage", database));
  eventually("it is told that it is over", [&] { return told("resolved", "first_a") == 1; });
  eventually("its book is gone", [&] { return book(other, "other").empty(); });
  EXPECT_EQ(told("resolved", "first_b"), 0);
  EXPECT_THAT(book(database), HasSubstr("first_b"));
}

TEST_F(AlertBooks, ATargetThatWasTakenOutAfterARestartIsOverAsWell) {
  const TestDatabase other(TestServer::shared(), TestDatabase::Contents::Nothing);
  configure(target("other", other) + target("stage", database));
  begin();
  eventually("the other one is live, too", [&] { return !book(other, "other").empty(); });
  drop("first_a", other, "other");
  kill();
  start();
  drop("first_b", other, "other");
  configure(target("stage", database));
  eventually("it is told that both are over",
             [&] { return told("resolved", "first_a") == 1 && told("resolved", "first_b") == 1; });
  eventually("its book is gone", [&] { return book(other, "other").empty(); });
}

TEST_F(AlertBooks, ADatabaseThatWasDroppedHasNoAlertsLeft) {
  auto tenant =
      std::make_unique<TestDatabase>(TestServer::shared(), TestDatabase::Contents::Nothing);
  const std::string name = tenant->name();
  configure(
      fmt::format("  tenants:\n    server: \"{}\"\n    databases: \"{}%\"\n    interval: 300ms\n",
                  database.conninfo(), name),
      "fleets");
  start();
  eventually("the tenant is live", [&] { return !book(*tenant, name).empty(); });
  drop("first_a", *tenant, name);
  tenant.reset();
  eventually("it is told that it is over", [&] { return told("resolved", "first_a") == 1; });
  EXPECT_EQ(told("firing", "first_a"), 1);
}

// The last leader speaks of a database that is away, and goes on with its book once it is back.
TEST_F(AlertBooks, ADatabaseThatIsAwayIsToldOfAllTheSame) {
  begin();
  drop("first_a", database);
  const std::string name = database.name();
  const auto rename = [&](const std::string& from, const std::string& to) {
    const auto server = std::make_unique<Connection>(TestServer::shared().conninfo());
    return within(20s, [&] {
      try {
        server->execute(
            fmt::format("select pg_terminate_backend(pid) from pg_stat_activity where "
                        "datname = '{}'",
                        from));
        server->execute(fmt::format("alter database {} rename to {}", from, to));
        return true;
      } catch (const std::exception&) {
        return false;
      }
    });
  };
  ASSERT_TRUE(rename(name, name + "_away"));
  eventually("it is told that the database is away",
             [&] { return told("firing", "\"condition\":\"failed\"") == 1; });
  ASSERT_TRUE(rename(name + "_away", name));
  repo.commit("migrations/pre/002_next.sql", "create table next (id int);", "Next");
  eventually("it is told that it is back",
             [&] { return told("resolved", "\"condition\":\"failed\"") == 1; });
  EXPECT_EQ(told("firing", ""), 2);
}

TEST_F(AlertBooks, OneThatCannotBeReadIsBegunAnewWithAWarning) {
  begin();
  drop("first_a", database);
  kill();
  database.execute("update reconcile.alert_book set book = '{\"version\":99}'");
  start();
  eventually("it is told once more", [&] { return told("firing", "first_a") == 2; });
  drop("first_b", database);
  EXPECT_THAT(stop(), HasSubstr("the book of alerts: cannot be read"));
}

TEST_F(AlertBooks, StayInMemoryWhereThereIsNoLedger) {
  configure(target("stage", database, "    mode: dry-run\n"));
  repo.commit("migrations/pre/001_first.sql", "this is no sql;", "Broken");
  start();
  eventually("it is told that it fails", [&] { return told("firing", "") == 1; });
  const long begun = commits();
  eventually("time has passed", [&] { return commits() > begun + 40; });
  EXPECT_EQ(database.value("select to_regnamespace('reconcile') is null"), "t");
  EXPECT_THAT(stop(), Not(HasSubstr("stays in memory")));
}

// ---- whoever does not lead any more does not write

TEST_F(AlertBooks, AreWrittenOnlyByWhoeverLeads) {
  run_program({RECONCILE_PROGRAM, "--once", "--repo", repo.path(), "--state", folder.path(),
               "--database", database.conninfo()});
  auto session = postgres::open_leadership(database.conninfo(), "one");
  ASSERT_TRUE(session);
  const Words names{"stage"};
  ASSERT_TRUE((*session)->take(names));
  const Fence fence = (*session)->look(names)->mine.at("stage");
  const auto write = [&](const std::string& text) {
    return postgres::write_alert_book(database.conninfo(), "stage", text, fence);
  };
  EXPECT_EQ(write("first")->version, 1);
  EXPECT_EQ(write("second")->version, 2);
  ASSERT_TRUE((*session)->give_up(names));
  const auto late = write("third");
  ASSERT_TRUE(late);
  EXPECT_TRUE(late->has_place);
  EXPECT_EQ(late->version, 0);
  EXPECT_EQ(book(database), "second");
  EXPECT_EQ(postgres::read_alert_book(database.conninfo(), "stage")->version, 2);
  ASSERT_TRUE(postgres::remove_alert_book(database.conninfo(), "stage", 1));
  EXPECT_EQ(book(database), "second") << "somebody has written another one";
  ASSERT_TRUE(postgres::remove_alert_book(database.conninfo(), "stage", 2));
  EXPECT_EQ(book(database), "");
}

TEST_F(AlertBooks, HaveNoPlaceWhereTheRoleOnlyReads) {
  run_program({RECONCILE_PROGRAM, "--once", "--repo", repo.path(), "--state", folder.path(),
               "--database", database.conninfo()});
  const std::string role = database.name() + "_reader";
  database.execute(
      fmt::format("create role {0}; grant usage on schema reconcile to {0}; grant "
                  "select on reconcile.alert_book to {0}",
                  role));
  const std::string as_reader = fmt::format("{} options='-c role={}'", database.conninfo(), role);
  const auto read = postgres::read_alert_book(as_reader, "stage");
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_FALSE(read->has_place);
  const auto written = postgres::write_alert_book(as_reader, "stage", "text", Fence());
  ASSERT_TRUE(written) << describe(written.error());
  EXPECT_FALSE(written->has_place);
  database.execute(fmt::format("grant insert, update on reconcile.alert_book to {}", role));
  EXPECT_TRUE(postgres::read_alert_book(as_reader, "stage")->has_place);
  database.execute(fmt::format("drop owned by {0}; drop role {0}", role));
}

// ---- git

class AlertBooksOfGit : public AlertBooks {
 protected:
  void SetUp() override {
    if (const std::string missing = HttpsGitServer::missing(); !missing.empty())
      GTEST_SKIP() << missing;
    git = std::make_unique<HttpsGitServer>();
    run_git(repo.path(), {"clone", "--quiet", "--bare", repo.path().string(),
                          (git->root() / "repo.git").string()});
    const TestDatabase* all[] = {&database, &second, &third};
    std::string targets;
    for (int i = 0; i < 3; ++i) targets += target("stage" + std::to_string(i), *all[i]);
    configure(targets, "targets",
              fmt::format("{}\nbranch: main\ngit: {{ca_file: {}}}\n", git->url("/git/repo.git"),
                          git->authority_file().string()));
    start();
    eventually("all are live", [&] {
      return std::ranges::all_of(all, [&](const TestDatabase* each) {
        return each->value("select to_regclass('public.first') is not null") == "t";
      });
    });
    eventually("all are in sync", [&] { return headlines("in-sync") == 3; });
  }
  std::ptrdiff_t headlines(const std::string& word) const {
    const auto page = net::send({.name = "the controller", .host = "127.0.0.1", .port = port},
                                {.target = "/api/v1/targets"}, {}, "");
    if (!page) return 0;
    std::ptrdiff_t count = 0;
    const std::string key = "\"headline\":\"" + word + "\"";
    for (std::size_t at = page->body.find(key); at != std::string::npos;
         at = page->body.find(key, at + 1))
      ++count;
    return count;
  }

  std::unique_ptr<HttpsGitServer> git;
  TestDatabase second{TestServer::shared(), TestDatabase::Contents::Nothing};
  TestDatabase third{TestServer::shared(), TestDatabase::Contents::Nothing};
};

TEST_F(AlertBooksOfGit, ItIsAwayForAllTargetsAndOneAlert) {
  git->stop();
  eventually("no target looks well", [&] { return headlines("unknown") == 3; });
  eventually("it is told", [&] { return told("firing", "git main") == 1; });
  // Drift is seen all the same.
  drop("first_a", second, "stage1");
  EXPECT_EQ(headlines("unknown"), 2);
  eventually("it is written down", [&] {
    return book(database, "git main").find("\"delivered\":true") != std::string::npos;
  });
  // Whoever takes over knows of it.
  kill();
  start("one");
  eventually("no target looks well again", [&] { return headlines("unknown") == 2; });
  git->start();
  eventually("it is told that git answers", [&] { return told("resolved", "git main") == 1; });
  eventually("they are in sync", [&] { return headlines("in-sync") == 2; });
  EXPECT_EQ(told("firing", "git main"), 1);
  EXPECT_EQ(told("firing", ""), 2);
}

}  // namespace
}  // namespace reconcile::test
