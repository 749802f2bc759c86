#include "controller/postgres/embedded_server.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

/// The first cell of the answer, or what libpq says instead.
std::string ask(const std::string& conninfo, const char* sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo.c_str()),
                                                                &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return PQerrorMessage(connection.get());
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql),
                                                             &PQclear);
  if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) return PQgetvalue(result.get(), 0, 0);
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return "";
  return PQerrorMessage(connection.get());
}

bool alive(pid_t pid) { return kill(pid, 0) == 0; }

class EmbeddedServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "reconcile-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    base_ = name;
    fs::permissions(base_, fs::perms(0755));  // mkdtemp closes it to the server's account
  }
  void TearDown() override { fs::remove_all(base_); }

  fs::path base_;
};

TEST_F(EmbeddedServerTest, KeepsDataBetweenStartsAndLeavesNoProcess) {
  pid_t first = 0;
  {
    auto server = EmbeddedServer::start({.folder = base_ / "deep" / "er"});
    ASSERT_TRUE(server) << describe(server.error());
    first = server->pid();
    EXPECT_EQ(ask(server->conninfo(), "create table kept as select 7 as n"), "");
    EXPECT_EQ(ask(server->conninfo(), "show listen_addresses"), "");
    struct stat status {};
    ASSERT_EQ(stat(server->folder().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U);
    EXPECT_NE(status.st_uid, 0U);  // PostgreSQL never runs as root
  }
  EXPECT_FALSE(alive(first));

  auto again = EmbeddedServer::start({.folder = base_ / "deep" / "er"});
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_EQ(ask(again->conninfo(), "select n from kept"), "7");
}

TEST_F(EmbeddedServerTest, AttachesToARunningServerAndLeavesItRunning) {
  auto owner = EmbeddedServer::start({.folder = base_ / "pg"});
  ASSERT_TRUE(owner) << describe(owner.error());
  {
    auto guest = EmbeddedServer::start({.folder = base_ / "pg"});
    ASSERT_TRUE(guest) << describe(guest.error());
    EXPECT_TRUE(guest->attached());
    EXPECT_EQ(guest->pid(), owner->pid());
    EXPECT_EQ(ask(guest->conninfo(), "select 1"), "1");
    EXPECT_FALSE(guest->stop());
    EXPECT_FALSE(guest->kill_hard());
  }
  EXPECT_EQ(ask(owner->conninfo(), "select 1"), "1");
}

TEST_F(EmbeddedServerTest, TwoStartsAtOnceShareOneServer) {
  Result<EmbeddedServer> other = Error{};
  std::thread thread([&] { other = EmbeddedServer::start({.folder = base_ / "pg"}); });
  auto one = EmbeddedServer::start({.folder = base_ / "pg"});
  thread.join();
  ASSERT_TRUE(one) << describe(one.error());
  ASSERT_TRUE(other) << describe(other.error());
  EXPECT_EQ(one->pid(), other->pid());
  EXPECT_NE(one->attached(), other->attached());
}

TEST_F(EmbeddedServerTest, ThrowawayDeletesItsFolderWhenItMoved) {
  fs::path folder;
  {
    auto started = EmbeddedServer::start({.throwaway = true});
    ASSERT_TRUE(started) << describe(started.error());
    const EmbeddedServer server = std::move(*started);
    folder = server.folder();
    EXPECT_TRUE(fs::exists(folder / "data"));
    EXPECT_EQ(ask(server.conninfo(), "show fsync"), "off");
  }
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(EmbeddedServerTest, ComesBackAfterBeingKilledHard) {
  auto server = EmbeddedServer::start({.throwaway = true});
  ASSERT_TRUE(server) << describe(server.error());
  EXPECT_EQ(ask(server->conninfo(), "create table kept as select 7 as n"), "");
  for (int round = 0; round < 3; ++round) {
    auto killed = server->kill_hard();
    ASSERT_TRUE(killed) << describe(killed.error());
    EXPECT_EQ(server->pid(), 0);
    EXPECT_NE(ask(server->conninfo(), "select n from kept"), "7");
    auto restarted = server->restart();
    ASSERT_TRUE(restarted) << describe(restarted.error());
    EXPECT_EQ(ask(server->conninfo(), "select n from kept"), "7");
  }
}

TEST_F(EmbeddedServerTest, TcpAsksForThePasswordAndKeepsItsPort) {
  auto server =
      EmbeddedServer::start({.throwaway = true, .tcp = true, .settings = {{"work_mem", "5MB"}}});
  ASSERT_TRUE(server) << describe(server.error());
  EXPECT_EQ(ask(server->tcp_conninfo("template1"), "select current_database()"), "template1");
  EXPECT_EQ(ask(server->conninfo(), "show work_mem"), "5MB");
  const std::string nameless =
      "host=127.0.0.1 user=postgres dbname=postgres port=" + std::to_string(server->port());
  const std::string refused = ask(nameless + " password=wrong", "select 1");
  EXPECT_NE(refused.find("password authentication failed"), std::string::npos) << refused;
  const int port = server->port();
  ASSERT_TRUE(server->restart());
  EXPECT_EQ(server->port(), port);
  EXPECT_EQ(ask(server->tcp_conninfo(), "select 1"), "1");
}

TEST_F(EmbeddedServerTest, LongAndStrangeFoldersGetAShortSocket) {
  for (const std::string& name : {std::string(120, 'x'), std::string("it's, \"odd\" \\ here")}) {
    auto server = EmbeddedServer::start({.folder = base_ / name, .throwaway = true});
    ASSERT_TRUE(server) << describe(server.error());
    EXPECT_NE(server->socket_folder(), server->folder());
    EXPECT_EQ(ask(server->conninfo(), "select 1"), "1");
    const fs::path socket_folder = server->socket_folder();
    auto guest = EmbeddedServer::start({.folder = base_ / name});
    ASSERT_TRUE(guest) << describe(guest.error());
    EXPECT_TRUE(guest->attached());
    server = Error{};
    EXPECT_FALSE(fs::exists(socket_folder));
  }
}

TEST_F(EmbeddedServerTest, FailedStartShowsTheServersLog) {
  auto server = EmbeddedServer::start({.throwaway = true, .settings = {{"no_such_setting", "1"}}});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().why.find("unrecognized configuration parameter \"no_such_setting\""),
            std::string::npos)
      << describe(server.error());
}

TEST_F(EmbeddedServerTest, RefusesAFolderWithOtherThingsInIt) {
  std::ofstream(base_ / "letter.txt") << "dear";
  auto server = EmbeddedServer::start({.folder = base_});
  ASSERT_FALSE(server);
  EXPECT_NE(describe(server.error()).find("letter.txt"), std::string::npos);
  EXPECT_TRUE(fs::exists(base_ / "letter.txt"));

  std::ofstream(base_ / "password") << "x";
  fs::remove(base_ / "letter.txt");
  auto throwaway = EmbeddedServer::start({.folder = base_, .throwaway = true});
  ASSERT_FALSE(throwaway);
  EXPECT_TRUE(fs::exists(base_ / "password"));
}

TEST_F(EmbeddedServerTest, NamesTheFolderThatTheServersAccountCannotEnter) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives the server another account";
  const fs::path closed = base_ / "closed";
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms(0700));
  auto server = EmbeddedServer::start({.folder = closed / "pg"});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().why.find(closed.string() + " is closed"), std::string::npos)
      << describe(server.error());
}

TEST_F(EmbeddedServerTest, SaysWhichPackageIsMissing) {
  auto nothing_here = EmbeddedServer::start({.folder = base_ / "pg", .binaries = base_});
  ASSERT_FALSE(nothing_here);
  fs::create_directories(base_ / "old" / "data");
  std::ofstream(base_ / "old" / "data" / "PG_VERSION") << "9\n";
  const std::string path = getenv("PATH");
  const std::string binaries =
      getenv("RECONCILE_POSTGRES_BIN") ? getenv("RECONCILE_POSTGRES_BIN") : "";
  setenv("PATH", "/nowhere", 1);
  unsetenv("RECONCILE_POSTGRES_BIN");
  auto old = EmbeddedServer::start({.folder = base_ / "old"});
  setenv("PATH", path.c_str(), 1);
  setenv("RECONCILE_POSTGRES_BIN", binaries.c_str(), 1);
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().next, "apt-get install postgresql-9") << describe(old.error());
}

}  // namespace
}  // namespace reconcile::postgres
