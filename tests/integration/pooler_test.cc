#include <fmt/format.h>
#include <gmock/gmock.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/git_server.h"
#include "tests/support/http_server.h"
#include "tests/support/http_talk.h"
#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// With the real PgBouncer before the database. In transaction mode it gives a session's backend to
// others between two transactions: a lease would stay with the backend and not with the session,
// and so would every setting.
namespace reconcile::test {
namespace {

using testing::HasSubstr;

constexpr const char* kProgram = "/usr/sbin/pgbouncer";

/// Who may reach the socket of the test server; PgBouncer refuses to run as root.
std::string owner_of(const std::filesystem::path& folder) {
  struct stat facts {};
  const passwd* account = ::stat(folder.c_str(), &facts) == 0 ? ::getpwuid(facts.st_uid) : nullptr;
  return account == nullptr ? "postgres" : account->pw_name;
}

class PgBouncer {
 public:
  PgBouncer(const TestDatabase& database, const std::string& mode)
      : database_(database.name()), port_(free_port()) {
    const postgres::EmbeddedServer& server = TestServer::shared().server();
    const std::filesystem::path file = folder_.path() / "pgbouncer.ini";
    std::ofstream(file) << fmt::format(
        "[databases]\n{} = host={} port={} user=postgres pool_mode={}\n"
        "[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\n"
        "auth_type = any\n{}",
        database_, server.socket_folder().string(), server.port(), mode, port_,
        ::geteuid() == 0 ? fmt::format("user = {}\n", owner_of(server.socket_folder())) : "");
    program_ = std::make_unique<Program>(std::vector<std::string>{kProgram, file.string()});
    program_->wait_until([this] { return listens(port_); }, "PgBouncer listens");
  }

  std::string conninfo() const {
    return fmt::format("host=127.0.0.1 port={} dbname={} user=somebody", port_, database_);
  }

 private:
  TempFolder folder_;
  std::string database_;
  std::uint16_t port_;
  std::unique_ptr<Program> program_;
};

class Pooled : public PassTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kProgram)) GTEST_SKIP() << "pgbouncer is not installed";
    repo.commit("migrations/pre/001.sql", "create table one (id int);", "One");
  }
  void TearDown() override { pooler_.reset(); }

  std::string through(const std::string& mode) {
    pooler_ = std::make_unique<PgBouncer>(database, mode);
    return pooler_->conninfo();
  }
  bool has_table() const {
    return database.value("select to_regclass('public.one') is not null") == "t";
  }
  std::string locks() const {
    return database.value(
        "select count(*) from pg_locks join pg_database d on d.oid = pg_locks.database "
        "where locktype = 'advisory' and datname = current_database()");
  }
  /// The controller, until the state of its target has this word, or 20 seconds.
  void expect_of_the_controller(const std::string& conninfo, const std::string& word) const {
    const std::uint16_t port = free_port();
    const std::string file = (checkout.state.path() / "reconcile.yaml").string();
    std::ofstream(file) << fmt::format(
        "repository: {}\nbranch: main\nlease: 100ms\nhttp: {{listen: '127.0.0.1:{}'}}\n"
        "targets: {{app: {{database: '{}', interval: 200ms}}}}\n",
        repo.path().string(), port, conninfo);
    Program program(
        {RECONCILE_PROGRAM, "--config", file, "--state", checkout.state.path().string()});
    std::string said;
    EXPECT_TRUE(within(std::chrono::seconds(20), [&] {
      if (!listens(port)) return false;
      said = Talk(port).ask("GET /api/v1/targets/app").body;
      return said.find(word) != std::string::npos;
    })) << said;
    program.kill(SIGTERM);
    const Ran ran = program.wait();
    EXPECT_EQ(ran.exit_code, 0) << ran;
  }

 private:
  std::unique_ptr<PgBouncer> pooler_;
};

TEST_F(Pooled, InTransactionModeNoCommandWorks) {
  const std::string conninfo = through("transaction");
  for (const Words& command : {Words{"--once"}, Words{"plan"}, Words{"drift"}}) {
    const Ran ran = checkout.run(conninfo, command);
    EXPECT_EQ(ran.exit_code, 1) << ran;
    EXPECT_THAT(ran.err, HasSubstr("a connection pooler in transaction mode stands before"));
    EXPECT_THAT(ran.err, HasSubstr("pool_mode = session"));
  }
  EXPECT_FALSE(has_table());
  EXPECT_EQ(locks(), "0") << "a lease was left behind with a backend of the pool";
  // The next client of the pool has the server's settings, not ours.
  EXPECT_EQ(Connection(conninfo).value("show lock_timeout"), database.value("show lock_timeout"));
}

TEST_F(Pooled, InTransactionModeTheControllerHoldsNoLease) {
  expect_of_the_controller(through("transaction"),
                           "a connection pooler in transaction mode stands before");
  EXPECT_FALSE(has_table());
  EXPECT_EQ(locks(), "0");
}

TEST_F(Pooled, InSessionModeEverythingWorks) {
  const std::string conninfo = through("session");
  const Ran ran = checkout.run(conninfo, {"--once"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_TRUE(has_table());
  EXPECT_EQ(checkout.run(conninfo, {"drift"}).exit_code, 0);
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] { return locks() == "0"; }));
}

TEST_F(Pooled, InSessionModeTheControllerLeads) {
  expect_of_the_controller(through("session"), "\"in-sync\"");
  EXPECT_TRUE(has_table());
}

}  // namespace
}  // namespace reconcile::test
