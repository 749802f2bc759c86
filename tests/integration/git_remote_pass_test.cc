#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/git_server.h"
#include "tests/support/pass_fixture.h"

// The program itself over a network: the environment, the configuration, the command line.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PassRemote : public PassTest {
 protected:
  Ran from(const std::string& url, const Words& command, const Words& environment) const {
    Words words = {RECONCILE_PROGRAM};
    words.insert(words.end(), command.begin(), command.end());
    words.insert(words.end(), {"--repo", url, "--state", checkout.state.path(), "--database",
                               database.conninfo()});
    return run_program(words, environment, checkout.state.path());
  }

  void expect_applied(const std::string& url, const Words& environment) const {
    const Ran ran = from(url, {"--once"}, environment);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_EQ(database.value("select to_regclass('public.one') is null"), "f");
    EXPECT_EQ(from(url, {"plan"}, environment).exit_code, 0);
  }
};

TEST_F(PassRemote, AppliesOverSsh) {
  if (const std::string missing = SshGitServer::missing(); !missing.empty())
    GTEST_SKIP() << missing;
  const SshGitServer server;
  repo.commit("migrations/pre/001.sql", "create table public.one ();", "First");
  const std::string url = server.url(repo.path());
  const std::string key = fmt::format("RECONCILE_GIT_SSH_KEY={}", server.key().string());
  const Ran unknown = from(url, {"--once"}, {key});
  EXPECT_EQ(unknown.exit_code, 1) << unknown;
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("host key"), HasSubstr("ssh-keyscan")));
  expect_applied(url,
                 {key, fmt::format("RECONCILE_GIT_KNOWN_HOSTS={}", server.known_hosts().string())});
}

TEST_F(PassRemote, AppliesOverHttpsWithAToken) {
  if (const std::string missing = HttpsGitServer::missing(); !missing.empty())
    GTEST_SKIP() << missing;
  const HttpsGitServer server;
  repo.commit("migrations/pre/001.sql", "create table public.one ();", "First");
  run_git(repo.path(), {"clone", "--quiet", "--bare", repo.path().string(),
                        (server.root() / "repo.git").string()});
  std::ofstream(checkout.state.path() / "token") << HttpsGitServer::kToken << '\n';
  std::ofstream(checkout.state.path() / "reconcile.yaml")
      << "git:\n  token_file: token\n  ca_file: " << server.authority_file().string() << '\n';
  const std::string url = server.url("/private/repo.git");
  expect_applied(url, {});
  const Ran refused = from(url, {"plan", "-v"}, {"RECONCILE_GIT_TOKEN=hunter2"});
  EXPECT_EQ(refused.exit_code, 1) << refused;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("refuses the token"), Not(HasSubstr("hunter2"))));
  const Ran adopted = from(url, {"adopt"}, {});
  EXPECT_EQ(adopted.exit_code, 0) << "nothing has drifted: " << adopted;
}

}  // namespace
}  // namespace reconcile::test
