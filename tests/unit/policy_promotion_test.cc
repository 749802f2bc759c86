#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "reconcilers/policy/promotion.h"
#include "reconcilers/status/wall_time.h"
#include "tests/support/random_seed.h"

namespace reconcile::policy {
namespace {

using ::testing::HasSubstr;

WallTime at(int minute) { return WallTime(std::chrono::minutes(minute)); }

/// "c3@20 c2@10= c1@0": newest first. `=` changed nothing, `<` was gone back to.
std::vector<Stay> stays(const std::string& text) {
  std::vector<Stay> list;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t sign = word.find('@');
    list.push_back({word.substr(0, sign), at(std::stoi(word.substr(sign + 1))),
                    !word.ends_with('='), word.ends_with('<')});
  }
  return list;
}

struct PromotionCase {
  std::string name;
  std::vector<std::string> followed;  ///< the stays of each
  int now;
  std::string commit;
  int next = -1;  ///< -1: nothing comes by itself
  int soak = 30;
};

class Promotes : public ::testing::TestWithParam<PromotionCase> {};

TEST_P(Promotes, WhatHasBeenThereForLongEnough) {
  const PromotionCase& test = GetParam();
  std::vector<std::vector<Stay>> all;
  for (const std::string& text : test.followed) all.push_back(stays(text));
  std::vector<Followed> followed;
  for (const std::vector<Stay>& one : all) followed.push_back({"stage", "", one});
  const Promotion promotion =
      promote({"stage", std::chrono::minutes(test.soak)}, followed, "c5", at(test.now));
  EXPECT_EQ(promotion.commit, test.commit);
  EXPECT_EQ(promotion.next,
            test.next < 0 ? std::optional<WallTime>() : std::optional(at(test.next)));
  EXPECT_EQ(promotion.waits.has_value(), test.commit != "c5");
}

INSTANTIATE_TEST_SUITE_P(
    OneTarget, Promotes,
    ::testing::Values(PromotionCase{"NobodyThere", {}, 100, ""},
                      PromotionCase{"NothingKnown", {""}, 100, ""},
                      PromotionCase{"NotYet", {"c5@0"}, 29, "", 30},
                      PromotionCase{"Just", {"c5@0"}, 30, "c5"},
                      PromotionCase{"WithoutSoakAtOnce", {"c5@10"}, 10, "c5", -1, 0},
                      PromotionCase{"TheOneOfBeforeMeanwhile", {"c5@40 c3@0"}, 50, "c3", 70},
                      PromotionCase{"NotTheOneThatWasMendedTooSoon", {"c5@40 c3@20"}, 60, "", 70},
                      PromotionCase{"AnOlderOneThatStayed", {"c5@60 c4@50 c3@0"}, 70, "c3", 90},
                      PromotionCase{"ExactlyTheSoakIsEnough", {"c5@30 c3@0"}, 40, "c3", 60},
                      PromotionCase{"WhatChangesNothingEndsNoStay", {"c5@20= c3@0"}, 30, "c3", 50},
                      PromotionCase{"AndIsOnItsWayItself", {"c5@20= c3@0"}, 50, "c5"},
                      PromotionCase{"TheNextOfSeveral", {"c5@25= c4@20= c3@0"}, 31, "c3", 50},
                      PromotionCase{"WhatChangesLaterDoesEndIt", {"c5@28 c4@20= c3@0"}, 70, "c5"},
                      PromotionCase{"NothingOfBeforeAWayBack", {"c2@50< c4@40 c3@0"}, 60, "", 80},
                      PromotionCase{"WhereSomebodyWentBackTo", {"c2@50< c4@40 c3@0"}, 80, "c2"},
                      PromotionCase{"WhatCameAfterIt", {"c5@90 c2@50< c4@0"}, 95, "c2", 120}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Fleet, Promotes,
    ::testing::Values(
        PromotionCase{"OnceAllHaveIt", {"c5@0 c3@-90", "c5@10 c3@-90"}, 35, "c3", 40},
        PromotionCase{"TheLastOneCounts", {"c5@0", "c5@10"}, 40, "c5"},
        PromotionCase{"NotWhileOneHasNothing", {"c5@0", ""}, 40, ""},
        PromotionCase{"OnlyWhatAllHad", {"c5@0 c4@-90 c3@-200", "c5@20 c3@-200"}, 30, "c3", 50}),
    [](const auto& test) { return test.param.name; });

TEST(PromotionText, SaysSinceWhenAndUntilWhen) {
  const auto had = stays("c5@40 c3@0");
  const Followed stage{"stage", "", had};
  const Following following{"stage", std::chrono::minutes(30)};
  const Hold there = promote(following, std::span(&stage, 1), "c5", at(45)).waits.value();
  EXPECT_EQ(there.code, ReasonCode::WaitingForTarget);
  EXPECT_EQ(there.message,
            "stage has c5 since 1970-01-01T00:40:00Z, and it comes here at 1970-01-01T01:10:00Z");
  const Hold not_there = promote(following, std::span(&stage, 1), "c6", at(45)).waits.value();
  EXPECT_EQ(not_there.message,
            "stage has to be at c6 for 30min first; c5 comes before it, at 1970-01-01T01:10:00Z");
  EXPECT_THAT(not_there.next, HasSubstr("look at stage"));
  // A standing that changes by itself would be told again and again.
  EXPECT_EQ(promote(following, std::span(&stage, 1), "c5", at(46)).waits->message, there.message);
}

TEST(PromotionText, NothingComesFromWhereSomethingIsWrong) {
  const auto had = stays("c5@0");
  const Followed all[] = {{"a", "", had}, {"b", "failed", had}};
  const Promotion none = promote({"tenants", std::chrono::minutes(0)}, all, "c5", at(45));
  EXPECT_EQ(none.commit, "");
  EXPECT_FALSE(none.next);
  EXPECT_THAT(none.waits->message, HasSubstr("nothing comes from b now: its state is \"failed\""));
  EXPECT_THAT(none.waits->next, HasSubstr("--target b"));
}

// Whatever comes was the live one for the time of the soak, and nobody has gone back since; and
// what is said to come next does come then.
TEST(PromotionProperty, IsWhatItSays) {
  const auto seed = reconcile::testing::random_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  const auto number = [&](int most) { return std::uniform_int_distribution(0, most)(random); };
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Stay> had;
    int minute = 0;
    for (int i = number(8); i >= 0; --i) {
      had.insert(had.begin(),
                 {"c" + std::to_string(minute), at(minute), number(3) != 0, number(9) == 0});
      minute += 1 + number(20);
    }
    const int soak = number(15);
    const Followed stage{"stage", "", had};
    const Following following{"stage", std::chrono::minutes(soak)};
    const Promotion promotion = promote(following, std::span(&stage, 1), "newest", at(minute));
    ASSERT_TRUE(promotion.waits);
    if (!promotion.commit.empty()) {
      const auto chosen = std::ranges::find(had, promotion.commit, &Stay::commit);
      ASSERT_NE(chosen, had.end());
      WallTime end = at(minute);
      for (auto later = had.begin(); later != chosen; ++later) {
        EXPECT_FALSE(later->rolled_back) << promotion.commit;
        if (later->changed) end = std::min(end, later->since);
      }
      EXPECT_GE(end - chosen->since, std::chrono::minutes(soak)) << promotion.commit;
    }
    if (!promotion.next) continue;
    EXPECT_GT(*promotion.next, at(minute));
    const Promotion then = promote(following, std::span(&stage, 1), "newest", *promotion.next);
    EXPECT_NE(then.commit, promotion.commit);
    const Promotion before = promote(following, std::span(&stage, 1), "newest",
                                     *promotion.next - std::chrono::milliseconds(1));
    EXPECT_EQ(before.commit, promotion.commit);
  }
}

}  // namespace
}  // namespace reconcile::policy
