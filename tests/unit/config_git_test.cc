#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "controller/config/config.h"

namespace reconcile::config {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigGit : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "config-git-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    write("token", "t0ken\n");
    write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  Result<Config> load_text(const std::string& text,
                           std::map<std::string, std::string> variables = {}) {
    return load(write("reconcile.yaml", text),
                [variables = std::move(variables)](const std::string& name) {
                  const auto found = variables.find(name);
                  return found == variables.end() ? std::nullopt : std::optional(found->second);
                });
  }

  std::filesystem::path folder_;
};

TEST_F(ConfigGit, ReadsTheSection) {
  const auto config = load_text("git:\n  user: robot\n  token_file: " + file("token") +
                                "\n  ca_file: " + file("ca.pem") +
                                "\n  ssh_key: /keys/deploy\n  known_hosts: /keys/hosts\n"
                                "  proxy: http://proxy:3128\n  connect_timeout: 2s\n"
                                "  idle_timeout: 500ms\n  timeout: 1h\n");
  ASSERT_TRUE(config) << describe(config.error());
  const Git& git = config->git;
  EXPECT_EQ(git.user, "robot");
  EXPECT_EQ(git.token, "t0ken");
  EXPECT_EQ(git.certificate_authorities, "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(git.ssh_key, "/keys/deploy");
  EXPECT_EQ(git.known_hosts, "/keys/hosts");
  EXPECT_EQ(git.https_proxy, "http://proxy:3128");
  EXPECT_EQ(git.http_proxy, "http://proxy:3128");
  EXPECT_EQ(git.connect_timeout, std::chrono::seconds(2));
  EXPECT_EQ(git.idle_timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(git.timeout, std::chrono::hours(1));
}

TEST_F(ConfigGit, TheEnvironmentGoesOverIt) {
  const auto config =
      load_text("git:\n  token_file: " + file("token") + "\n  ssh_key: /keys/deploy\n",
                {{"RECONCILE_GIT_TOKEN", "other\n"},
                 {"RECONCILE_GIT_SSH_KEY", "/run/key"},
                 {"RECONCILE_GIT_KNOWN_HOSTS", "/run/hosts"},
                 {"RECONCILE_GIT_CA_FILE", file("ca.pem")}});
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->git.token, "other");
  EXPECT_EQ(config->git.ssh_key, "/run/key");
  EXPECT_EQ(config->git.known_hosts, "/run/hosts");
  EXPECT_THAT(config->git.certificate_authorities, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_EQ(load_text("", {{"RECONCILE_GIT_TOKEN_FILE", file("token")}})->git.token, "t0ken");
  const auto two = load_text(
      "", {{"RECONCILE_GIT_TOKEN_FILE", file("token")}, {"RECONCILE_GIT_TOKEN", "other"}});
  ASSERT_FALSE(two);
  EXPECT_THAT(describe(two.error()), HasSubstr("it and RECONCILE_GIT_TOKEN exclude each other"));
}

TEST_F(ConfigGit, TheProxyIsTheFilesElseTheEnvironments) {
  const std::map<std::string, std::string> variables{
      {"https_proxy", "http://a:1"}, {"HTTP_PROXY", "http://never:1"}, {"NO_PROXY", "example.org"}};
  const Git told = load_text("", variables)->git;
  EXPECT_EQ(told.https_proxy, "http://a:1");
  EXPECT_EQ(told.http_proxy, "") << "HTTP_PROXY is a header of a request to a CGI program";
  EXPECT_EQ(told.no_proxy, "example.org");
  EXPECT_EQ(load_text("git:\n  proxy: http://b:2\n", variables)->git.https_proxy, "http://b:2");
  EXPECT_EQ(load_text("git:\n  proxy: none\n", variables)->git.https_proxy, "");
}

TEST_F(ConfigGit, SaysWhatIsWrongAndWhere) {
  for (const auto& [text, complaint] : std::map<std::string, std::string>{
           {"git: x\n", "has to be a mapping"},
           {"git:\n  token: t0ken\n", "a token does not belong into the configuration"},
           {"git:\n  tokens: x\n", "unknown key \"tokens\""},
           {"git:\n  user: a\n  user: b\n", "\"user\" stands twice"},
           {"git:\n  timeout: soon\n", "\"soon\" is not a time"},
           {"git:\n  ca_file: " + file("token") + "\n", "holds no certificate in PEM form"},
           {"git:\n  token_file: /nonexistent\n", "cannot read the file with the token"}}) {
    const auto config = load_text(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().kind, ErrorKind::Usage);
    EXPECT_THAT(describe(config.error()), HasSubstr(complaint));
    EXPECT_THAT(describe(config.error()) + config.error().next, Not(HasSubstr("t0ken")));
  }
}

}  // namespace
}  // namespace reconcile::config
