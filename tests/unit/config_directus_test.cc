#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/config/config.h"
#include "tests/unit/support/files.h"

namespace reconcile::config {
namespace {

using test::environment;
using test::Folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Variables = std::map<std::string, std::string>;

class ConfigDirectusTest : public ::testing::Test {
 protected:
  /// A target with these lines below `directus:`, which is line 4.
  Result<Config> read(const std::string& lines, Variables variables = {}) {
    return load(folder_.write("reconcile.yaml",
                              "targets:\n  prod:\n    database: x\n    directus:\n" + lines),
                environment(std::move(variables)));
  }
  std::string error(const std::string& lines, Variables variables = {}) {
    const auto config = read(lines, std::move(variables));
    if (config) return "no error";
    EXPECT_EQ(config.error().kind, ErrorKind::Usage);
    EXPECT_NE(config.error().next, "");
    std::string text = describe(config.error()) + "; next: " + config.error().next;
    if (const std::size_t at = text.find(folder_.path()); at != std::string::npos)
      text.erase(at, folder_.path().size() + 1);
    return text;
  }
  static std::vector<std::string> addresses(const Directus& directus) {
    std::vector<std::string> all;
    for (const HttpAddress& address : directus.instances) {
      all.push_back(fmt::format("{} {} {} {} {}", address.text, address.tls, address.host,
                                address.port, address.path));
    }
    return all;
  }
  Folder folder_;
};

TEST_F(ConfigDirectusTest, AllKeys) {
  const std::string token = folder_.write("token", "secret\r\n");
  const std::string authority =
      folder_.write("ca.pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
  const auto config = read(
      "      instances: [http://127.0.0.1:8055/, 'https://b.example', 'http://[::1]:81/cms/']\n"
      "      token_file: " +
      token + "\n      ca_file: " + authority +
      "\n      version: 11.17.4\n      licensed_collections: 100\n"
      "      bootstrap: [npx, directus, bootstrap]\n      bootstrap_timeout: 30s\n");
  ASSERT_TRUE(config) << describe(config.error());
  const Directus& directus = config->targets.at(0).directus;
  EXPECT_THAT(addresses(directus), ElementsAre("http://127.0.0.1:8055 false 127.0.0.1 8055 ",
                                               "https://b.example true b.example 443 ",
                                               "http://[::1]:81/cms false ::1 81 /cms"));
  EXPECT_EQ(directus.token, "secret");
  EXPECT_THAT(directus.certificate_authorities, StartsWith("-----BEGIN"));
  EXPECT_EQ(directus.version, "11.17.4");
  EXPECT_EQ(directus.licensed_collections, 100U);
  EXPECT_THAT(directus.bootstrap, ElementsAre("npx", "directus", "bootstrap"));
  EXPECT_EQ(directus.bootstrap_timeout, std::chrono::seconds(30));
}

TEST_F(ConfigDirectusTest, NothingOfItIsNeeded) {
  const auto config = read("      bootstrap: [/usr/local/bin/install]\n");
  ASSERT_TRUE(config) << describe(config.error());
  const Directus& directus = config->targets.at(0).directus;
  EXPECT_THAT(directus.instances, IsEmpty());
  EXPECT_EQ(directus.licensed_collections, std::nullopt);
  EXPECT_EQ(directus.bootstrap_timeout, std::chrono::seconds(120));
  const auto unlimited = read("      licensed_collections: unlimited\n");
  EXPECT_EQ(unlimited->targets.at(0).directus.licensed_collections, unlimited_collections);
}

TEST_F(ConfigDirectusTest, ErrorsNameTheLine) {
  const std::pair<std::string, const char*> cases[] = {
      {"      - a\n", "reconcile.yaml:4: \"directus\" has to be a mapping"},
      {"\n", "reconcile.yaml:4: \"directus\" has to be a mapping"},
      {"      version: 11.1.0\n      url: x\n", "reconcile.yaml:6: unknown key \"url\""},
      {"      version: 11.1.0\n      version: 11.1.0\n",
       "reconcile.yaml:6: \"version\" stands twice"},
      {"      token: abc\n", "reconcile.yaml:5: a token does not belong into the configuration"},
      {"      instances:\n", "reconcile.yaml:5: \"instances\" has to be a text"},
      {"      instances: directus:8055\n",
       "reconcile.yaml:5: not the address of a Directus: it begins with neither"},
      {"      instances:\n        - http://a\n        - http://b:99999\n",
       "reconcile.yaml:7: not the address of a Directus: the port"},
      {"      instances:\n        - http://a\n        - [x]\n",
       "reconcile.yaml:7: an instance has to be an address"},
      {"      instances: [http://a, http://a/]\n", "reconcile.yaml:5: http://a stands twice"},
      {"      bootstrap: npx directus bootstrap\n",
       "reconcile.yaml:5: \"bootstrap\" has to be a list"},
      {"      bootstrap: []\n", "reconcile.yaml:5: \"bootstrap\" has to be a list"},
      {"      bootstrap: [npx, [a]]\n", "reconcile.yaml:5: \"bootstrap\" has to be a list"},
      {"      bootstrap: ['']\n", "reconcile.yaml:5: \"bootstrap\" has to be a list"},
      {"      bootstrap_timeout: 2m\n", "reconcile.yaml:5: \"2m\" is not a duration"},
      {"      token_file: /nowhere/at/all\n",
       "/nowhere/at/all: cannot read the file with the token"},
      {"      ca_file: /nowhere/at/all\n",
       "/nowhere/at/all: cannot read the file with certificate"}};
  for (const auto& [lines, expected] : cases)
    EXPECT_THAT(error(lines), StartsWith(expected)) << lines;
  for (const char* version :
       {"11", "11.6", "11.6.", ".6.1", "11..1", "11.6.1.2", "v11.6.1", "latest"})
    EXPECT_THAT(error(fmt::format("      version: {}\n", version)),
                StartsWith(fmt::format("reconcile.yaml:5: \"{}\" is not a version", version)));
  for (const char* number : {"0", "-1", "many", "1.5", "99999999999999999999999"})
    EXPECT_THAT(error(fmt::format("      licensed_collections: {}\n", number)),
                StartsWith(fmt::format("reconcile.yaml:5: \"{}\" is not a number", number)));
}

TEST_F(ConfigDirectusTest, AddressesThatAreNone) {
  for (const char* address :
       {"http://", "http://:80", "ftp://a", "http://a:0", "http://a:x", "http://a:", "http://a b",
        "http://[::1", "http://[x]", "http://[::1]80", "http://a?b", "http://a/b?c", "http://a/#b",
        "http://a/b c", "a.example", "//a"}) {
    EXPECT_THAT(error("", {{"RECONCILE_DIRECTUS_URL", address}}).substr(0, 23),
                "reconcile.yaml:4: \"dire")
        << address;
    const auto refused =
        load(folder_.write("empty.yaml", ""), environment({{"RECONCILE_DIRECTUS_URL", address}}));
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().where, "RECONCILE_DIRECTUS_URL") << address;
  }
}

TEST_F(ConfigDirectusTest, SecretsAreNotShown) {
  EXPECT_THAT(error("      token: very-secret\n"), Not(HasSubstr("very-secret")));
  EXPECT_THAT(error("      instances: http://admin:very-secret@a\n"),
              Not(HasSubstr("very-secret")));
  for (const char* token :
       {"very-secret two", "very-secret\nX-Header: a", " ", "very-secret\x01"}) {
    const std::string said =
        error("      version: 11.1.0\n", {{"RECONCILE_DIRECTUS_TOKEN", token}});
    EXPECT_THAT(said,
                StartsWith("RECONCILE_DIRECTUS_TOKEN: the token of Directus is not one word"));
    EXPECT_THAT(said, Not(HasSubstr("very-secret")));
  }
}

TEST_F(ConfigDirectusTest, InstancesNeedAToken) {
  const std::string lines = "      instances: http://a\n";
  EXPECT_THAT(error(lines), HasSubstr("target prod: there are Directus instances, and no token"));
  EXPECT_EQ(error(lines, {{"RECONCILE_DIRECTUS_TOKEN", "t"}}), "no error");
  const std::string token = folder_.write("token", "file\n");
  const auto config = read(lines, {{"RECONCILE_DIRECTUS_TOKEN_FILE", token}});
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->targets.at(0).directus.token, "file");
}

// The environment is about one target, and is not asked there.
TEST_F(ConfigDirectusTest, InstancesOfAFleetNeedATokenToo) {
  const std::string fleet =
      "fleets:\n  tenants:\n    server: host=db\n    databases: t_%\n    directus: {instances: "
      "'http://a'";
  const auto refused = load(folder_.write("fleet.yaml", fleet + "}\n"), environment({}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Usage);
  EXPECT_EQ(refused.error().where, "fleet tenants");
  EXPECT_THAT(refused.error().what, HasSubstr("there are Directus instances, and no token"));
  EXPECT_THAT(refused.error().next, HasSubstr("token_file"));
  const std::string token = folder_.write("token", "file\n");
  const auto taken =
      load(folder_.write("fleet.yaml", fleet + ", token_file: " + token + "}\n"), environment({}));
  ASSERT_TRUE(taken) << describe(taken.error());
  EXPECT_EQ(taken->fleets.at(0).pattern.directus.token, "file");
}

TEST_F(ConfigDirectusTest, ATokenComesFromOnePlace) {
  const std::string token = folder_.write("token", "file\n");
  EXPECT_THAT(error("      instances: http://a\n", {{"RECONCILE_DIRECTUS_TOKEN", "variable"},
                                                    {"RECONCILE_DIRECTUS_TOKEN_FILE", token}}),
              StartsWith("RECONCILE_DIRECTUS_TOKEN_FILE: it and RECONCILE_DIRECTUS_TOKEN exclude"));
}

TEST_F(ConfigDirectusTest, TheEnvironmentLiesOverTheFile) {
  const std::string token = folder_.write("token", "file\n");
  const auto config =
      read("      instances: http://file\n      token_file: " + token + "\n      version: 11.6.1\n",
           {{"RECONCILE_DIRECTUS_URL", "http://one,https://two/x"},
            {"RECONCILE_DIRECTUS_TOKEN", "variable"}});
  ASSERT_TRUE(config) << describe(config.error());
  const Directus& directus = config->targets.at(0).directus;
  EXPECT_THAT(addresses(directus),
              ElementsAre("http://one false one 80 ", "https://two/x true two 443 /x"));
  EXPECT_EQ(directus.token, "variable");
  EXPECT_EQ(directus.version, "11.6.1");

  const auto alone = load(folder_.write("empty.yaml", ""),
                          environment({{"RECONCILE_DIRECTUS_URL", "http://one"},
                                       {"RECONCILE_DIRECTUS_TOKEN", "variable"}}));
  ASSERT_TRUE(alone) << describe(alone.error());
  EXPECT_EQ(alone->targets.at(0).directus.token, "variable");

  const auto two = load(
      folder_.write("two.yaml", "targets:\n  a: {database: x}\n  b: {database: y}\n"),
      environment({{"RECONCILE_DIRECTUS_URL", "http://one"}, {"RECONCILE_DIRECTUS_TOKEN", "t"}}));
  ASSERT_FALSE(two);
  EXPECT_THAT(two.error().what, HasSubstr("describes one target, the configuration has several"));
}

}  // namespace
}  // namespace reconcile::config
