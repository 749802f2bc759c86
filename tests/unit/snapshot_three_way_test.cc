#include <gtest/gtest.h>

#include <array>

#include "reconcilers/snapshot/three_way.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using test::attributes;

/// One letter a side: '-' the part does not exist, '0' it exists without the key, any other letter
/// is the key's value.
std::optional<Attributes> side(char letter) {
  if (letter == '-') return std::nullopt;
  if (letter == '0') return Attributes();
  return attributes({{"note", boost::json::string(1, letter)}});
}

/// The outcome in words, "nothing" where there is none.
std::string outcome(const PartDiff& diff) {
  using Intent = PartDiff::Intent;
  std::string text = diff.intent == Intent::Create   ? "create"
                     : diff.intent == Intent::Change ? "change"
                     : diff.intent == Intent::Remove ? "remove"
                                                     : "";
  const auto add = [&](bool there, const char* word) {
    if (there) text += (text.empty() ? "" : ", ") + std::string(word);
  };
  add(diff.missing, "missing");
  add(diff.changed_while_missing, "changed while missing");
  add(!diff.conflicts.empty(), "conflict");
  add(!diff.drift.empty(), "drift");
  add(!diff.unknown.empty(), "unknown");
  return text.empty() ? "nothing" : text;
}

std::string compare(std::string_view letters, std::span<const Key> ignored = {}) {
  const auto base = side(letters[0]);
  const auto desired = side(letters[1]);
  const auto live = side(letters[2]);
  const auto pointer = [](const auto& part) { return part ? &*part : nullptr; };
  return outcome(three_way(pointer(base), pointer(desired), pointer(live), ignored));
}

// Every state of base, desired and live: absent, there without the key, value a, b or c. 'c' is
// only needed where three values differ, so that is where it stands.
TEST(ThreeWay, TheLaw) {
  const std::pair<const char*, const char*> law[] = {// in neither commit: never touched
                                                     {"---", "nothing"},
                                                     {"--0", "nothing"},
                                                     {"--a", "nothing"},
                                                     // new in git
                                                     {"-0-", "create"},
                                                     {"-00", "nothing"},
                                                     {"-0a", "nothing"},
                                                     {"-a-", "create"},
                                                     {"-a0", "unknown"},
                                                     {"-aa", "nothing"},
                                                     {"-ab", "conflict"},
                                                     // gone from git
                                                     {"0--", "nothing"},
                                                     {"0-0", "remove"},
                                                     {"0-a", "remove"},
                                                     {"a--", "nothing"},
                                                     {"a-0", "remove"},
                                                     {"a-a", "remove"},
                                                     {"a-b", "remove, conflict"},
                                                     // a key that git does not have is not managed
                                                     {"00-", "missing"},
                                                     {"000", "nothing"},
                                                     {"00a", "nothing"},
                                                     {"a0-", "missing"},
                                                     {"a00", "nothing"},
                                                     {"a0a", "nothing"},
                                                     {"a0b", "nothing"},
                                                     // a key that is new in git
                                                     {"0a-", "missing, changed while missing"},
                                                     {"0a0", "unknown"},
                                                     {"0aa", "nothing"},
                                                     {"0ab", "conflict"},
                                                     // the same in both commits
                                                     {"aa-", "missing"},
                                                     {"aa0", "unknown"},
                                                     {"aaa", "nothing"},
                                                     {"aab", "drift"},
                                                     // changed by git
                                                     {"ab-", "missing, changed while missing"},
                                                     {"ab0", "unknown"},
                                                     {"aba", "change"},
                                                     {"abb", "nothing"},
                                                     {"abc", "conflict"}};
  std::set<std::string> told;
  for (const auto& [letters, expected] : law) {
    EXPECT_EQ(compare(letters), expected) << letters;
    told.insert(letters);
  }
  // Up to renaming the values, no combination is left out.
  for (const char base : {'-', '0', 'a'}) {
    for (const char desired : {'-', '0', 'a', 'b'}) {
      for (const char live : {'-', '0', 'a', 'b', 'c'}) {
        std::string letters{base, desired, live};
        char next = 'a';
        std::map<char, char> renamed;
        for (char& letter : letters) {
          if (letter == '-' || letter == '0') continue;
          if (!renamed.contains(letter)) renamed[letter] = next++;
          letter = renamed[letter];
        }
        EXPECT_TRUE(told.contains(letters)) << letters;
      }
    }
  }
}

TEST(ThreeWay, IgnoredKeysAreNeverCompared) {
  const std::array ignored{Key("note")};
  for (const char* letters : {"-ab", "aab", "aba", "abc", "ab0"}) {
    EXPECT_EQ(compare(letters, ignored), "nothing") << letters;
  }
  EXPECT_EQ(compare("ab-", ignored), "missing");
  EXPECT_EQ(compare("a-b", ignored), "remove");
}

TEST(ThreeWay, KeysAreDecidedOneByOne) {
  const Attributes base =
      attributes({{"same", 1}, {"drifted", 1}, {"changed", 1}, {"both", 1}, {"dropped", 1}});
  const Attributes desired =
      attributes({{"same", 1}, {"drifted", 1}, {"changed", 2}, {"both", 2}, {"new", nullptr}});
  const Attributes live = attributes(
      {{"same", 1}, {"drifted", 9}, {"changed", 1}, {"both", 9}, {"dropped", 9}, {"own", 9}});
  const PartDiff diff = three_way(&base, &desired, &live, {});
  EXPECT_EQ(diff.intent, PartDiff::Intent::Change);
  ASSERT_EQ(diff.changes.size(), 1U);
  EXPECT_EQ(diff.changes[0].key.name(), "changed");
  EXPECT_EQ(*diff.changes[0].base, Value(1));
  EXPECT_EQ(*diff.changes[0].desired, Value(2));
  EXPECT_EQ(*diff.changes[0].live, Value(1));
  ASSERT_EQ(diff.conflicts.size(), 1U);
  EXPECT_EQ(diff.conflicts[0].key.name(), "both");
  ASSERT_EQ(diff.drift.size(), 1U);
  EXPECT_EQ(diff.drift[0].key.name(), "drifted");
  ASSERT_EQ(diff.unknown.size(), 1U);
  EXPECT_EQ(diff.unknown[0].name(), "new");
}

TEST(ThreeWay, ValuesCompareDeepAndByType) {
  const std::pair<Value, Value> equal[] = {
      {normalised(1.0), 1},
      {normalised(9223372036854775807), normalised(9223372036854775806.0)},
      {normalised({{"b", 1}, {"a", boost::json::array{2.0}}}),
       normalised({{"a", boost::json::array{2}}, {"b", 1.0}})}};
  for (const auto& [left, right] : equal) {
    const Attributes desired = attributes({{"note", left}});
    const Attributes live = attributes({{"note", right}});
    EXPECT_EQ(outcome(three_way(nullptr, &desired, &live, {})), "nothing") << left << " " << right;
  }
  const std::pair<Value, Value> different[] = {{1, "1"},
                                               {nullptr, false},
                                               {"", nullptr},
                                               {0, false},
                                               {boost::json::array{}, nullptr},
                                               {Value({1, 2}), Value({2, 1})}};
  for (const auto& [left, right] : different) {
    const Attributes desired = attributes({{"note", left}});
    const Attributes live = attributes({{"note", right}});
    EXPECT_EQ(outcome(three_way(nullptr, &desired, &live, {})), "conflict") << left << " " << right;
  }
}

}  // namespace
}  // namespace reconcile::snapshot
