#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/cli/notifiers.h"
#include "controller/config/config.h"
#include "tests/unit/support/files.h"

// Who hears of the targets.

namespace reconcile::config {
namespace {

using namespace std::chrono_literals;
using test::environment;
using test::Folder;
using ::testing::ElementsAre;

class NotifyConfig : public ::testing::Test {
 protected:
  Result<Config> read(const std::string& notify) {
    return load(folder_.write("reconcile.yaml", notify), environment({}));
  }
  std::vector<Receiver> receivers(const std::string& notify) {
    auto config = read(notify);
    if (config) return config->receivers;
    ADD_FAILURE() << describe(config.error());
    return {};
  }
  Folder folder_;
};

TEST_F(NotifyConfig, EachReceiverHasANameAndAnAddress) {
  const std::string url = folder_.write("url", "https://hooks.example/services/T0/B0/xyz?a=b\n");
  const std::string secret = folder_.write("secret", "sesame\n");
  const auto all = receivers(
      "notify:\n"
      "  chat: {type: slack, url_file: " +
      url +
      ", targets: [prod, 'tenant_*'], remind: 12h}\n"
      "  ours:\n    type: webhook\n    url: http://[::1]:99/in\n    secret_file: " +
      secret +
      "\n    events: [critical, BadSignature, applied, post]\n    remind: never\n"
      "  am: {type: alertmanager, url: 'https://am.example', environments: prod}\n"
      "  git: {type: gitea, url: 'https://git.example/ops/db', token_file: " +
      secret + "}\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].name, "chat");
  EXPECT_EQ(all[0].address.path, "/services/T0/B0/xyz?a=b");
  EXPECT_THAT(all[0].targets, ElementsAre("prod", "tenant_*"));
  EXPECT_EQ(all[0].remind, 12h);
  EXPECT_EQ(all[1].secret, "sesame");
  EXPECT_EQ(all[1].remind, 0s);
  EXPECT_EQ(all[3].token, "sesame");
  const auto made = cli::notifiers(all, "");
  EXPECT_EQ(made.by_name.size(), 4U);
  EXPECT_EQ(made.receivers[0].remind, 12h);
  EXPECT_THAT(made.receivers[0].events, ElementsAre("critical", "warning"));
  EXPECT_EQ(made.receivers[1].remind, std::nullopt);
  EXPECT_EQ(made.receivers[2].remind, 2min);
  EXPECT_TRUE(made.receivers[2].lasting_only);
  EXPECT_TRUE(made.receivers[3].commits_only);
}

TEST_F(NotifyConfig, ErrorsNameTheLineAndNoSecret) {
  const std::string empty = folder_.write("empty", "\n");
  const std::string two = folder_.write("two", "hush hush\n");
  const std::string bad = folder_.write("bad", "https://user:hush@h/x\n");
  const std::pair<std::string, std::string> cases[] = {
      {"notify: [a]\n", "reconcile.yaml:1: \"notify\" has to be a mapping"},
      {"notify:\n  a: b\n", "reconcile.yaml:2: receiver a has to be a mapping"},
      {"notify:\n  a: {url: http://h}\n", "reconcile.yaml:2: receiver a has no type"},
      {"notify:\n  a:\n    type: pager\n", "reconcile.yaml:3: unknown type \"pager\""},
      {"notify:\n  a: {type: slack}\n", "reconcile.yaml:2: receiver a needs either url or"},
      {"notify:\n  a: {type: slack, url: http://h, url_file: x}\n", "x: cannot read"},
      {"notify:\n  a: {type: slack, url: 'http://u:hush@h/'}\n", "reconcile.yaml:2: not the addr"},
      {"notify:\n  a: {type: slack, url: 'http://h/?hush\"'}\n", "reconcile.yaml:2: not the addr"},
      {"notify:\n  a: {type: slack, url: 'ftp://hush'}\n", "reconcile.yaml:2: not the addr"},
      {"notify:\n  a: {type: slack, url_file: " + bad + "}\n", "bad: not the address"},
      {"notify:\n  a: {type: slack, url_file: " + empty + "}\n", "empty: the file with the"},
      {"notify:\n  a: {type: webhook, secret_file: " + two + "}\n", "two: the file with the"},
      {"notify:\n  a: {type: webhook, secret: hush}\n", "reconcile.yaml:2: a secret does not"},
      {"notify:\n  a: {type: gitea, token: hush}\n", "reconcile.yaml:2: a token does not belong"},
      {"notify:\n  a: {type: gitea, url: 'https://h/o/n'}\n",
       "reconcile.yaml:2: receiver a has no"},
      {"notify:\n  a: {type: slack, url: http://h, ca_file: " + two + "}\n", "two: it holds no"},
      {"notify:\n  a:\n    events: [loud]\n", "reconcile.yaml:3: unknown event \"loud\""},
      {"notify:\n  a:\n    targets: []\n", "reconcile.yaml:3: \"targets\" is an empty list"},
      {"notify:\n  a:\n    remind: 1s\n", "reconcile.yaml:3: \"1s\" is too short"},
      {"notify:\n  a:\n    remind: soon\n", "reconcile.yaml:3: \"soon\" is not a time"},
      {"notify:\n  a:\n    colour: red\n", "reconcile.yaml:3: unknown key \"colour\""},
      {"notify:\n  a: {type: slack, type: slack}\n", "reconcile.yaml:2: \"type\" stands twice"},
      {"notify:\n  a: {type: slack, url: http://h}\n  a: {}\n",
       "reconcile.yaml:3: \"a\" stands tw"},
      {"notify:\n  a: {type: alertmanager, url: 'http://h/?x'}\n",
       "reconcile.yaml:2: receiver a ha"},
  };
  for (const auto& [yaml, expected] : cases) {
    const auto config = read(yaml);
    ASSERT_TRUE(config.has_error()) << yaml;
    EXPECT_EQ(config.error().kind, ErrorKind::Usage);
    EXPECT_NE(config.error().next, "");
    const std::string text = describe(config.error());
    EXPECT_THAT(text, ::testing::HasSubstr(expected)) << yaml;
    EXPECT_EQ((text + config.error().next).find("hush"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace reconcile::config
