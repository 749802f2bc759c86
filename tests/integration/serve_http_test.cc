#include <gmock/gmock.h>

#include <fstream>
#include <regex>

#include "reconcilers/core/digest.h"
#include "tests/support/http_talk.h"
#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// What people ask of a controller that stays, and what it comes to beside its own passes.
namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kSoon = 20s;
const std::string mia = "Authorization: Bearer of-mia\r\n";

class ServesPeople : public PassTest {
 protected:
  ServesPeople() {
    write_tokens("mia approve " + sha256("of-mia") + "\n");
    std::ofstream(file("reconcile.yaml"))
        << "repository: " << repo.path().string()
        << "\npoll: 200ms\nlease: 200ms\nhttp: {listen: '127.0.0.1:0', tokens_file: "
        << file("tokens") << "}\ntargets:\n  stage:\n    database: \"" << database.conninfo()
        << "\"\n    interval: 1h\n";
    repo.commit("migrations/pre/1_races.sql", "create table races (id int primary key);", "Races");
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  /// A new file, as a mounted secret is.
  void write_tokens(const std::string& text) const {
    std::ofstream(file("new")) << text;
    std::filesystem::rename(file("new"), file("tokens"));
  }

  void start() {
    running_ = std::make_unique<Program>(
        Words{RECONCILE_PROGRAM, "--config", file("reconcile.yaml"), "--state", file("state")});
    running_->wait_until([&] { return port() != 0; }, "it listens");
    running_->wait_until([&] { return standing().find("\"in-sync\"") != std::string::npos; },
                         "the first commit is applied");
  }
  std::uint16_t port() const {
    std::smatch found;
    const std::string said = running_->logged();
    const std::regex listens("listens on http://127\\.0\\.0\\.1:(\\d+)");
    return std::regex_search(said, found, listens)
               ? static_cast<std::uint16_t>(std::stoi(found[1].str()))
               : std::uint16_t{0};
  }
  Answer ask(const std::string& line, const std::string& body = "") const {
    const std::string json = body.empty() ? "" : "Content-Type: application/json\r\n";
    return Talk(port()).ask(line, mia + json, body);
  }
  /// The one target, as lists have it.
  std::string standing() const { return ask("GET /api/v1/targets").body; }
  void wait_until(const std::function<bool()>& holds, const std::string& what) const {
    running_->wait_until(holds, what);
  }

 private:
  TempFolder folder_;
  std::unique_ptr<Program> running_;
};

// It healed the commit that is applied, was taken for a pass over the newest one, and what had to
// be approved was in sync, and told to be over, until the next look an hour later.
TEST_F(ServesPeople, AHealLeavesWhatWaitsWaiting) {
  start();
  database.execute("insert into races values (1)");
  repo.commit("migrations/post/2_none.sql", "drop table races;", "No races");
  wait_until([&] { return standing().find("\"needs-approval\"") != std::string::npos; },
             "the loss is held");
  database.execute("alter table races drop constraint races_pkey");
  const Answer healed = ask("POST /api/v1/targets/stage/heal", "{}");
  EXPECT_EQ(healed.status, 200) << healed.body;
  EXPECT_EQ(database.value("select count(*) from pg_constraint where conname = 'races_pkey'"), "1");
  EXPECT_THAT(standing(), HasSubstr("\"needs-approval\""));
  EXPECT_THAT(standing(), HasSubstr("No races"));
}

// The form that approves was the one that did not look whether its target is one of the token's.
TEST_F(ServesPeople, NobodyActsOnATargetThatTheirTokenIsNotFor) {
  write_tokens("mia approve " + sha256("of-mia") + "\nteo approve " + sha256("of-teo") +
               " tenant_*\n");
  start();
  repo.commit("migrations/post/2_none.sql", "drop table races;", "No races");
  database.execute("insert into races values (1)");
  wait_until([&] { return standing().find("\"needs-approval\"") != std::string::npos; },
             "the loss is held");
  const std::string found = standing();
  const std::size_t at = found.find("\"plan_digest\":\"") + 15;
  const std::string form = "confirm=stage&entry=1&plan=" + found.substr(at, 64);
  for (const char* what : {"approve", "heal", "reconcile", "restore", "resume", "suspend"}) {
    const Answer refused = Talk(port()).ask("POST /targets/stage/" + std::string(what),
                                            "Authorization: Bearer of-teo\r\nContent-Type: "
                                            "application/x-www-form-urlencoded\r\n",
                                            form);
    EXPECT_EQ(refused.status, 404) << what;
  }
  EXPECT_EQ(database.value("select count(*) from reconcile.approval"), "0");
  EXPECT_TRUE(
      within(kSoon, [&] { return standing().find("\"needs-approval\"") != std::string::npos; }));
}

TEST_F(ServesPeople, ATokenIsRevokedWithItsLine) {
  start();
  EXPECT_EQ(ask("GET /api/v1/targets").status, 200);
  write_tokens("# nobody\n");
  EXPECT_TRUE(within(kSoon, [&] { return ask("GET /api/v1/targets").status == 401; }));
  EXPECT_EQ(Talk(port()).ask("GET /api/v1/targets").status, 401) << "and nobody else comes in";
}

}  // namespace
}  // namespace reconcile::test
