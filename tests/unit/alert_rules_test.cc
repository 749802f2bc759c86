#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <regex>
#include <set>

#include "reconcilers/status/standing.h"
#include "tests/unit/support/files.h"

// deploy/alerts.yaml: no rule asks for what nobody says.

namespace reconcile {
namespace {

const std::filesystem::path root = RECONCILE_SOURCE_DIR;

std::vector<YAML::Node> rules() {
  std::vector<YAML::Node> all;
  const YAML::Node document = YAML::LoadFile((root / "deploy/alerts.yaml").string());
  for (const YAML::Node& group : document["groups"]) {
    EXPECT_FALSE(group["name"].Scalar().empty());
    for (const YAML::Node& rule : group["rules"]) all.push_back(rule);
  }
  return all;
}

std::set<std::string> found(const std::string& text, const std::regex& pattern) {
  std::set<std::string> all;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
    all.insert((*match)[1]);
  return all;
}

TEST(AlertRules, AreComplete) {
  std::set<std::string> names;
  for (const YAML::Node& rule : rules()) {
    const std::string name = rule["alert"].Scalar();
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
    EXPECT_THAT(name, ::testing::MatchesRegex("Reconcile[A-Za-z]+"));
    EXPECT_THAT(rule["labels"]["severity"].Scalar(), ::testing::AnyOf("critical", "warning"))
        << name;
    const std::string summary = rule["annotations"]["summary"].Scalar();
    EXPECT_FALSE(summary.empty() || summary.ends_with('.')) << name;
    const std::string expression = rule["expr"].Scalar();
    EXPECT_EQ(std::ranges::count(expression, '('), std::ranges::count(expression, ')')) << name;
    EXPECT_EQ(std::ranges::count(expression, '{'), std::ranges::count(expression, '}')) << name;
    for (const YAML::detail::iterator_value& item : rule) {
      EXPECT_THAT(item.first.Scalar(),
                  ::testing::AnyOf("alert", "expr", "for", "labels", "annotations"));
    }
    for (const std::string& label : found(summary, std::regex(R"(\$labels\.([a-z_]+))")))
      EXPECT_THAT(expression, ::testing::HasSubstr(label)) << name << " loses the label " << label;
  }
  EXPECT_GE(names.size(), 10U);
}

TEST(AlertRules, AskForHeadlinesThatAre) {
  std::set<std::string> known;
  for (std::size_t i = 0; i < headlines; ++i)
    known.emplace(key_of(static_cast<Headline>(static_cast<int>(i))));
  for (const YAML::Node& rule : rules()) {
    for (const std::string& headline :
         found(rule["expr"].Scalar(), std::regex("headline=\"([^\"]*)\"")))
      EXPECT_TRUE(known.contains(headline)) << headline;
  }
}

TEST(AlertRules, AskForMetricsThatAre) {
  const std::filesystem::path folder = root / "controller/http";
  if (!std::filesystem::exists(folder / "controller_metrics.cc"))
    GTEST_SKIP() << "this tree has no metrics yet";
  std::set<std::string> known;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    known.merge(found(test::contents(entry.path()), std::regex("\"(reconcile_[a-z_]+)\"")));
  for (const YAML::Node& rule : rules()) {
    for (const std::string& name : found(rule["expr"].Scalar(), std::regex("(reconcile_[a-z_]+)")))
      EXPECT_TRUE(known.contains(name)) << rule["alert"].Scalar() << " asks for " << name;
  }
}

}  // namespace
}  // namespace reconcile
