#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reconcilers/migrations/line_diff.h"

namespace reconcile::migrations {
namespace {

TEST(LineDiff, ShowsWhatChangedWithThreeLinesAround) {
  EXPECT_EQ(line_diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(line_diff("a", "a\n"), "");
  EXPECT_EQ(line_diff("", "a\n"), "@@ -1,0 +1,1 @@\n+a");
  EXPECT_EQ(line_diff("a\n", ""), "@@ -1,1 +1,0 @@\n-a");
  EXPECT_EQ(line_diff("a\nb\nc\n", "a\nx\nc\n"), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c");
  EXPECT_EQ(line_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n"),
            "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7");
  EXPECT_EQ(line_diff("a\r\nb\n", "a\nb\n"), "@@ -1,2 +1,2 @@\n-a\\r\n+a\n b");
}

TEST(LineDiff, ChangesFarApartAreSeveralHunks) {
  const std::string before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";
  const std::string after = "A\n1\n2\n3\n4\n5\n6\n7\nB\n";
  EXPECT_EQ(line_diff(before, after),
            "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B");
}

TEST(LineDiff, ALongDiffIsCut) {
  std::string after;
  for (int i = 0; i < 100; ++i) after += std::to_string(i) + "\n";
  const std::string diff = line_diff("", after);
  EXPECT_EQ(std::count(diff.begin(), diff.end(), '\n'), 40);
  EXPECT_THAT(diff, testing::EndsWith("\n… 61 more lines"));
}

TEST(LineDiff, HugeTextsStayBounded) {
  std::string before;
  std::string after;
  for (int i = 0; i < 200'000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_THAT(line_diff(before, after), testing::StartsWith("@@ -1,200000 +1,200000 @@\n-a0\n"));
}

}  // namespace
}  // namespace reconcile::migrations
