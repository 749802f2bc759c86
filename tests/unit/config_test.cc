#include "controller/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/files.h"

namespace reconcile::config {
namespace {

using test::environment;
using test::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ConfigTest : public ::testing::Test {
 protected:
  Result<Config> read(const std::string& yaml, std::map<std::string, std::string> variables = {}) {
    return load(folder_.write("reconcile.yaml", yaml), environment(std::move(variables)));
  }
  /// "reconcile.yaml:3: what", without the folder.
  std::string error(const std::string& yaml, std::map<std::string, std::string> variables = {}) {
    const auto config = read(yaml, std::move(variables));
    if (config) return "no error";
    EXPECT_EQ(config.error().kind, ErrorKind::Usage);
    EXPECT_NE(config.error().next, "");
    std::string text = describe(config.error());
    if (const std::size_t at = text.find(folder_.path()); at != std::string::npos)
      text.erase(at, folder_.path().size() + 1);
    return text;
  }
  Folder folder_;
};

TEST_F(ConfigTest, AllKeys) {
  const std::string secret = folder_.write("secret", "postgresql://deploy:pw@db/trm\n");
  const auto config = read(
      "repository: /srv/trm\nbranch: main\nstate: /var/lib/x\ntargets:\n  stage:\n    database: "
      "host=stage dbname=trm\n"
      "    environment: stage\n    mode: dry-run\n    lock_timeout: 500ms\n  prod:\n    "
      "database_file: " +
      secret + "\n    lock_timeout: 3s\n    concurrent_timeout: 2h\n");
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->repository, "/srv/trm");
  EXPECT_EQ(config->branch, "main");
  EXPECT_EQ(config->state, "/var/lib/x");
  ASSERT_EQ(config->targets.size(), 2U);
  const Target& stage = config->targets[0];
  EXPECT_EQ(stage.name, "stage");
  EXPECT_EQ(stage.database, "host=stage dbname=trm");
  EXPECT_EQ(stage.environment, "stage");
  EXPECT_EQ(stage.mode, "dry-run");
  EXPECT_EQ(stage.lock_timeout, std::chrono::milliseconds(500));
  const Target& prod = config->targets[1];
  EXPECT_EQ(prod.database, "postgresql://deploy:pw@db/trm");
  EXPECT_EQ(prod.environment, "");
  EXPECT_EQ(prod.mode, "");
  EXPECT_EQ(prod.lock_timeout, std::chrono::milliseconds(3000));
  EXPECT_EQ(prod.concurrent_timeout, std::chrono::hours(2));
  EXPECT_EQ(stage.concurrent_timeout, std::chrono::hours(1));
}

TEST_F(ConfigTest, HazardsByCodeAndByCategory) {
  const auto config =
      read("targets:\n  p:\n    hazards: {data-loss: warn, drop-table: hold, opaque: allow}\n");
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->targets.front().hazards, (HazardLevels{{"data-loss", HazardLevel::Warn},
                                                           {"drop-table", HazardLevel::Hold},
                                                           {"opaque", HazardLevel::Allow}}));
}

TEST_F(ConfigTest, NothingIsAConfigurationToo) {
  for (const char* yaml : {"", "# comment\n", "---\n", "{}\n"}) {
    const auto config = read(yaml);
    ASSERT_TRUE(config) << yaml;
    EXPECT_THAT(config->targets, IsEmpty());
    EXPECT_EQ(config->repository, "");
  }
}

TEST_F(ConfigTest, ErrorsNameTheLine) {
  const std::pair<std::string, const char*> cases[] = {
      {"repo: x\n", "reconcile.yaml:1: unknown key \"repo\""},
      {"branch: a\nextra:\n  x: 1\n", "reconcile.yaml:2: unknown key \"extra\""},
      {"- a\n", "reconcile.yaml:1: the configuration has to be a mapping"},
      {"word\n", "reconcile.yaml:1: the configuration has to be a mapping"},
      {"repository:\n", "reconcile.yaml:1: \"repository\" has to be a text"},
      {"branch: a\nrepository: [a]\n", "reconcile.yaml:2: \"repository\" has to be a text"},
      {"branch: ''\n", "reconcile.yaml:1: \"branch\" has to be a text"},
      {"branch: a\nbranch: b\n", "reconcile.yaml:2: \"branch\" stands twice"},
      {"targets: prod\n", "reconcile.yaml:1: \"targets\" has to be a mapping"},
      {"targets: {}\n", "reconcile.yaml:1: \"targets\" has to be a mapping"},
      {"targets:\n  - prod\n", "reconcile.yaml:2: \"targets\" has to be a mapping"},
      {"targets:\n  prod: x\n", "reconcile.yaml:2: target prod has to be a mapping"},
      {"targets:\n  a: {mode: auto}\n  a: {mode: skip}\n", "reconcile.yaml:3: \"a\" stands twice"},
      {"targets:\n  prod:\n    mode: auto\n    mode: skip\n",
       "reconcile.yaml:4: \"mode\" stands twice"},
      {"targets:\n  prod:\n    mode: manual\n", "reconcile.yaml:3: unknown mode \"manual\""},
      {"targets:\n  prod:\n    data: x\n", "reconcile.yaml:3: unknown key \"data\""},
      {"targets:\n  prod:\n    database:\n", "reconcile.yaml:3: \"database\" has to be a text"},
      {"targets:\n  prod:\n    database_file: /nowhere/at/all\n",
       "/nowhere/at/all: cannot read the file with the connection string"},
      {"targets:\n  p:\n    hazards: hold\n", "reconcile.yaml:3: \"hazards\" has to be a mapping"},
      {"targets:\n  p:\n    hazards:\n      drop-tabel: hold\n",
       "reconcile.yaml:4: there is no hazard \"drop-tabel\""},
      {"targets:\n  p:\n    hazards:\n      drop-table: stop\n",
       "reconcile.yaml:4: unknown level \"stop\""},
      {"targets:\n  p:\n    hazards:\n      scan: hold\n      scan: warn\n",
       "reconcile.yaml:5: \"scan\" stands twice"},
      {"a: [\n", "reconcile.yaml:2: this is not YAML"},
      {"a: b: c\n", "reconcile.yaml:1: this is not YAML"},
      // yaml-cpp finds no end of documents there.
      {", x\n", "reconcile.yaml: more than one YAML document"},
      {"branch: a\n---\nbranch: b\n", "reconcile.yaml: more than one YAML document"}};
  for (const auto& [yaml, expected] : cases)
    EXPECT_THAT(error(yaml), ::testing::StartsWith(expected)) << yaml;
  for (const char* duration :
       {"5", "0s", "-1s", "s", "5m", "5 s", "99999999999999999999s", "1.5s", "86400000s"}) {
    EXPECT_EQ(error(fmt::format("targets:\n  p:\n    lock_timeout: {}\n", duration)),
              fmt::format("reconcile.yaml:3: \"{}\" is not a duration", duration));
  }
}

TEST_F(ConfigTest, BranchesAndTagsOfEachTarget) {
  const auto config = read(
      "branch: main\ntargets:\n  stage: {mode: auto}\n  next: {branch: next}\n  prod: {tag: 'v*'}\n"
      "  after: {follows: prod, soak: 30m}\n  last: {follows: after}\nfleets:\n  tenants:\n"
      "    {server: host=db, databases: 'tenant\\_%', follows: next, soak: 2h}\n");
  ASSERT_TRUE(config) << describe(config.error());
  const auto selection = [](const Target& target) { return target.branch + "/" + target.tag; };
  const auto& targets = config->targets;
  ASSERT_EQ(targets.size(), 5U);
  EXPECT_EQ(selection(targets[0]), "main/");
  EXPECT_EQ(selection(targets[1]), "next/");
  EXPECT_EQ(selection(targets[2]), "/v*");
  EXPECT_EQ(selection(targets[3]), "/v*") << "it has the commits of what it follows";
  EXPECT_EQ(selection(targets[4]), "/v*");
  EXPECT_EQ(targets[3].follows.name, "prod");
  EXPECT_EQ(targets[3].follows.soak, std::chrono::minutes(30));
  EXPECT_EQ(targets[4].follows.soak, std::chrono::milliseconds(0));
  EXPECT_EQ(selection(config->fleets.at(0).pattern), "next/");
  EXPECT_EQ(selection(read("tag: 'v*'\ntargets: {a: {mode: auto}}\n")->targets.at(0)), "/v*");
  const std::string both = "tag: 'v*'\ntargets: {a: {mode: auto}, b: {branch: x}}\n";
  const auto told = read(both, {{"RECONCILE_BRANCH", "main"}});
  EXPECT_EQ(selection(told->targets.at(0)), "main/");
  EXPECT_EQ(selection(told->targets.at(1)), "x/");
  const auto tags = read(both, {{"RECONCILE_TAG", "w*"}});
  EXPECT_EQ(selection(tags->targets.at(0)), "/w*");
}

TEST_F(ConfigTest, WhoComesFirstIsThereAndDoesNotWaitForItself) {
  const std::string fleet =
      "fleets:\n  tenants: {server: host=db, prefix: eu-, databases: 'tenant\\_%'}\n";
  for (const char* name : {"stage", "tenants", "eu-tenant_demo"}) {
    for (const char* key : {"follows: {}", "depends_on: [{}]"}) {
      EXPECT_EQ(error(fleet + "targets:\n  stage: {mode: auto}\n  prod:\n    " +
                      fmt::format(fmt::runtime(key), name) + "\n"),
                "no error")
          << key;
    }
  }
  const std::pair<std::string, const char*> cases[] = {
      {"targets:\n  prod:\n    follows: stag\n",
       "reconcile.yaml:3: there is no target or fleet \"stag\""},
      {"targets:\n  prod:\n    depends_on:\n    - stag\n",
       "reconcile.yaml:4: there is no target or fleet \"stag\""},
      {fleet + "targets:\n  prod:\n    follows: eu-other\n",
       "reconcile.yaml:5: there is no target or fleet \"eu-other\""},
      {"targets:\n  prod:\n    follows: prod\n",
       "reconcile.yaml:3: prod waits for itself: prod after prod"},
      {"targets:\n  a: {depends_on: [b]}\n  b: {follows: c}\n  c:\n    depends_on: [a]\n",
       "reconcile.yaml:2: a waits for itself: a after b after c after a"},
      {fleet + "    #\ntargets:\n  x:\n    depends_on: [tenants]\n    follows: x\n",
       "reconcile.yaml:7: x waits for itself"},
      {"fleets:\n  t:\n    server: host=db\n    databases: t_%\n    depends_on: [t_1]\n",
       "reconcile.yaml:5: t waits for itself: t after t_1"},
      {"targets:\n  a: {mode: auto}\n  b:\n    follows: a\n    depends_on: [a]\n",
       "reconcile.yaml:5: b follows a, which goes on while this one still waits"},
      {"targets:\n  a:\n    soak: 30m\n", "reconcile.yaml:3: \"soak\" says for how long"},
      {"targets:\n  a: {mode: auto}\n  b:\n    follows: a\n    tag: 'v*'\n",
       "reconcile.yaml:4: b follows a, and has a branch or a tag of its own"},
      {"targets:\n  a:\n    branch: x\n    tag: 'v*'\n",
       "reconcile.yaml:4: a branch and a tag exclude each other"},
      {"branch: x\ntag: 'v*'\n", "reconcile.yaml:2: a branch and a tag exclude each other"},
      {"targets:\n  a: {mode: auto}\n  b:\n    follows: a\n    soak: soon\n",
       "reconcile.yaml:5: \"soon\" is not a time of up to seven days"}};
  for (const auto& [yaml, expected] : cases)
    EXPECT_THAT(error(yaml), ::testing::StartsWith(expected)) << yaml;
  EXPECT_THAT(error("", {{"RECONCILE_TAG", "v*"}, {"RECONCILE_BRANCH", "main"}}),
              HasSubstr("RECONCILE_TAG: it and RECONCILE_BRANCH exclude each other"));
}

// Whichever counted, somebody would mean the other.
TEST_F(ConfigTest, OneThingIsSaidInOneWay) {
  const std::string file = folder_.write("secret", "host=file\n");
  const std::string exclude = " exclude each other";
  for (const std::string& lines : {"    database: x\n    database_file: " + file,
                                   "    database_file: " + file + "\n    database: x"}) {
    EXPECT_THAT(error("targets:\n  prod:\n" + lines + "\n"),
                HasSubstr("\"database\" and \"database_file\"" + exclude))
        << lines;
  }
  const std::string fleet = "fleets:\n  t:\n    databases: t_%\n    server: host=db\n";
  EXPECT_EQ(error(fleet + "    server_file: " + file + "\n"),
            "reconcile.yaml:5: \"server\" and \"server_file\"" + exclude);
  EXPECT_EQ(error(fleet + "    database: x\n"), "reconcile.yaml:5: unknown key \"database\"")
      << "its databases are looked up";
  EXPECT_EQ(error("", {{"RECONCILE_DATABASE", "x"}, {"RECONCILE_DATABASE_FILE", file}}),
            "RECONCILE_DATABASE_FILE: it and RECONCILE_DATABASE" + exclude);
  EXPECT_EQ(error("targets:\n  a:\n    database: x\n", {{"RECONCILE_DATABASE_FILE", file}}),
            "no error")
      << "the environment lies over the file";
}

TEST_F(ConfigTest, FilesThatCannotBeRead) {
  EXPECT_THAT(describe(load(folder_.path() + "/none.yaml", environment({})).error()),
              HasSubstr("none.yaml: cannot read the configuration"));
  EXPECT_THAT(describe(load(folder_.path(), environment({})).error()),
              HasSubstr("cannot read the configuration"));
  EXPECT_THAT(error(std::string(1024 * 1024 + 1, '#')), HasSubstr("larger than 1 MiB"));
}

TEST_F(ConfigTest, TheEnvironmentLiesOverTheFile) {
  const std::string yaml =
      "repository: file\nbranch: file\nstate: file\ntargets:\n  prod:\n    database: file\n    "
      "environment: file\n    mode: auto\n";
  const auto plain = read(yaml);
  EXPECT_EQ(plain->targets.at(0).database, "file");
  const auto config = read(yaml, {{"RECONCILE_REPO", "r"},
                                  {"RECONCILE_BRANCH", "b"},
                                  {"RECONCILE_STATE", "s"},
                                  {"RECONCILE_DATABASE", "d"},
                                  {"RECONCILE_TARGET", "t"},
                                  {"RECONCILE_ENVIRONMENT", "e"},
                                  {"RECONCILE_MODE", "skip"}});
  ASSERT_TRUE(config) << describe(config.error());
  EXPECT_EQ(config->repository + config->branch + config->state, "rbs");
  ASSERT_EQ(config->targets.size(), 1U);
  const Target& target = config->targets[0];
  EXPECT_EQ(target.database + target.name + target.environment + target.mode, "dteskip");
}

TEST_F(ConfigTest, TheEnvironmentAloneMakesATarget) {
  const std::string secret = folder_.write("secret", "host=db\r\n\n");
  const auto config = read("", {{"RECONCILE_DATABASE_FILE", secret}, {"RECONCILE_TARGET", "prod"}});
  ASSERT_TRUE(config) << describe(config.error());
  ASSERT_EQ(config->targets.size(), 1U);
  EXPECT_EQ(config->targets[0].database, "host=db");
  EXPECT_EQ(config->targets[0].name, "prod");
}

TEST_F(ConfigTest, ErrorsOfTheEnvironment) {
  const std::string two = "targets:\n  a: {database: x}\n  b: {database: y}\n";
  EXPECT_THAT(error(two, {{"RECONCILE_DATABASE", "d"}}),
              HasSubstr("describes one target, the configuration has several"));
  EXPECT_THAT(error("", {{"RECONCILE_MODE", "manual"}}),
              HasSubstr("RECONCILE_MODE: unknown mode \"manual\""));
  EXPECT_THAT(error("", {{"RECONCILE_DATABASE_FILE", "/nowhere"}}),
              HasSubstr("/nowhere: cannot read"));
  EXPECT_EQ(error(two, {{"RECONCILE_REPO", "r"}}), "no error");
}

}  // namespace
}  // namespace reconcile::config
