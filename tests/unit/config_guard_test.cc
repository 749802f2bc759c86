#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/config/config.h"
#include "tests/unit/support/files.h"

// What bounds the losses of a target.

namespace reconcile::config {
namespace {

using test::environment;
using test::Folder;

class GuardConfig : public ::testing::Test {
 protected:
  Result<Config> read(const std::string& guard) {
    return load(
        folder_.write("reconcile.yaml", "targets:\n  prod:\n    database: host=db\n" + guard),
        environment({}));
  }
  Target target(const std::string& guard) {
    const auto config = read(guard);
    if (config) return config->targets.front();
    ADD_FAILURE() << describe(config.error());
    return {};
  }
  std::string error(const std::string& guard) {
    const auto config = read(guard);
    if (config) return "no error";
    EXPECT_EQ(config.error().kind, ErrorKind::Usage);
    EXPECT_NE(config.error().next, "");
    return describe(config.error()).substr(folder_.path().size() + 1);
  }
  Folder folder_;
};

TEST_F(GuardConfig, TheDefaultStopsTheIncidentOfFiveTables) {
  const Target plain = target("");
  EXPECT_EQ(plain.deletion_budget.objects, 3U);
  EXPECT_EQ(plain.deletion_budget.rows, 10'000U);
  EXPECT_EQ(plain.retention, std::nullopt);
}

TEST_F(GuardConfig, EachKeyStandsForItself) {
  const Target both = target("    deletion_budget: {objects: 0, rows: 5}\n");
  EXPECT_EQ(both.deletion_budget.objects, 0U);
  EXPECT_EQ(both.deletion_budget.rows, 5U);
  const Target one = target("    deletion_budget:\n      rows: unlimited\n");
  EXPECT_EQ(one.deletion_budget.objects, 3U);
  EXPECT_EQ(one.deletion_budget.rows, std::nullopt);
  using namespace std::chrono_literals;
  EXPECT_EQ(target("    quarantine: {retention: 30d}\n").retention, 720h);
  EXPECT_EQ(target("    quarantine: {retention: 12h}\n").retention, 12h);
}

TEST_F(GuardConfig, ErrorsNameTheLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"    deletion_budget: 5\n", "reconcile.yaml:4: \"deletion_budget\" has to be a mapping"},
      {"    deletion_budget:\n      tables: 5\n", "reconcile.yaml:5: unknown key \"tables\""},
      {"    deletion_budget: {rows: -1}\n", "reconcile.yaml:4: \"-1\" is not a number"},
      {"    deletion_budget: {rows: 1k}\n", "reconcile.yaml:4: \"1k\" is not a number"},
      {"    deletion_budget: {rows: 1, rows: 2}\n", "reconcile.yaml:4: \"rows\" stands twice"},
      {"    quarantine: 30d\n", "reconcile.yaml:4: \"quarantine\" has to be a mapping"},
      {"    quarantine: {keep: 30d}\n", "reconcile.yaml:4: unknown key \"keep\""},
      {"    quarantine: {retention: 30}\n", "reconcile.yaml:4: \"30\" is not a time"},
      {"    quarantine: {retention: 30s}\n", "reconcile.yaml:4: \"30s\" is not a time"},
      {"    quarantine: {retention: -1d}\n", "reconcile.yaml:4: \"-1d\" is not a time"}};
  for (const auto& [yaml, expected] : cases)
    EXPECT_THAT(error(yaml), ::testing::StartsWith(expected)) << yaml;
}

}  // namespace
}  // namespace reconcile::config
