#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "controller/git/tag_version.h"

namespace reconcile::git {
namespace {

TEST(GitTagVersion, OrdersAsSemanticVersioningDoes) {
  const std::vector<std::string> ascending = {"0.9",
                                              "1.0.0-alpha",
                                              "1.0.0-alpha.1",
                                              "1.0.0-alpha.beta",
                                              "1.0.0-beta",
                                              "1.0.0-beta.2",
                                              "1.0.0-beta.11",
                                              "1.0.0-rc.1",
                                              "1.0.0",
                                              "1.0.1rc1",
                                              "1.0.1",
                                              "1.2",
                                              "1.10",
                                              "1.10.0.1",
                                              "2",
                                              "20231122",
                                              "99999999999999999999999999",
                                              "100000000000000000000000000"};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i)
    EXPECT_TRUE(*TagVersion::parse(ascending[i]) < *TagVersion::parse(ascending[i + 1]))
        << ascending[i] << " before " << ascending[i + 1];
}

TEST(GitTagVersion, SomeAreEqual) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"1", "1.0.0"}, {"1.0.0+a", "1.0.0+b"}, {"01.2", "1.02"}})
    EXPECT_TRUE((*TagVersion::parse(a) <=> *TagVersion::parse(b)) == 0) << a << " and " << b;
}

TEST(GitTagVersion, SomeAreNone) {
  for (const char* text : {"", "latest", "v1", "-1"}) EXPECT_FALSE(TagVersion::parse(text)) << text;
}

TEST(GitTagVersion, BeginsBehindWhatThePatternSays) {
  EXPECT_EQ(version_in("v1.2.3", "v*"), "1.2.3");
  EXPECT_EQ(version_in("v1.2.3", "*"), "1.2.3");
  EXPECT_EQ(version_in("v10.2", "v1*"), "10.2");
  EXPECT_EQ(version_in("v1.2", "v1.*"), "1.2");
  EXPECT_EQ(version_in("db2/v1.2", "db2/v*"), "1.2");
  EXPECT_EQ(version_in("db2/release-1.2", "db2/*"), "1.2");
  EXPECT_EQ(version_in("latest", "*"), "");
}

}  // namespace
}  // namespace reconcile::git
