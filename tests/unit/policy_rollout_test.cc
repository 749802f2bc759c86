#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "reconcilers/policy/rollout.h"

namespace reconcile::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "a+ b! c": there, failed, neither.
std::vector<FleetMember> fleet(const std::string& text) {
  std::vector<FleetMember> members;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool there = word.back() == '+';
    const bool failed = word.back() == '!';
    if (there || failed) word.pop_back();
    members.push_back({word, there, failed});
  }
  return members;
}

struct RolloutCase {
  std::string name;
  Rollout rollout;
  std::string fleet;
  std::string cleared;
};

class Clears : public testing::TestWithParam<RolloutCase> {};

TEST_P(Clears, WhoseTurnItIs) {
  std::string cleared;
  for (const std::string& name : clear(GetParam().rollout, fleet(GetParam().fleet)).cleared)
    cleared += (cleared.empty() ? "" : " ") + name;
  EXPECT_EQ(cleared, GetParam().cleared);
}

const Rollout canary_first{.canaries = {"m"}, .waves = {}, .failure_budget = 0};
const Rollout three_waves{
    .canaries = {}, .waves = {{.count = 1}, {.percent = 50}}, .failure_budget = 0};
const Rollout forgiving{.canaries = {}, .waves = {{.count = 2}}, .failure_budget = 1};

INSTANTIATE_TEST_SUITE_P(
    Waves, Clears,
    testing::Values(RolloutCase{"AllWithoutWaves", {}, "a b c", "a b c"},
                    RolloutCase{"CanaryFirst", canary_first, "a m z", "m"},
                    RolloutCase{"AllOnceTheCanaryIsThere", canary_first, "a m+ z", "a m z"},
                    RolloutCase{"NoneOnceTheCanaryFailed", canary_first, "a m! z", "m"},
                    RolloutCase{"ACanaryThatIsNotThereIsNoReasonToWait", canary_first, "a z",
                                "a z"},
                    RolloutCase{"FirstWave", three_waves, "d c b a", "a"},
                    RolloutCase{"SecondWave", three_waves, "a+ b c d", "a b"},
                    RolloutCase{"SecondWaveUnderWay", three_waves, "a+ b+ c d e f", "a b c"},
                    RolloutCase{"LastWave", three_waves, "a+ b+ c d", "a b c d"},
                    RolloutCase{"OneMayFail", forgiving, "a! b+ c d", "a b c d"},
                    RolloutCase{"TwoMayNot", forgiving, "a! b! c d", "a b"},
                    RolloutCase{"WhatIsThereStays", forgiving, "a! b! c+ d", "a b c"}),
    [](const auto& test) { return test.param.name; });

TEST(Rollout, SaysWhatIsWaitedFor) {
  const Clearance waits = clear(three_waves, fleet("a b c d"));
  EXPECT_EQ(waits.waits_for, "the wave before it is not through: 0 of 1");
  const Clearance stopped = clear(forgiving, fleet("a! b! c d"));
  EXPECT_EQ(stopped.waits_for, "the rollout has stopped: 2 failed, and 1 may (a, b)");
  EXPECT_THAT(clear({}, fleet("a b")).waits_for, IsEmpty());
}

// Whatever fails, no more than a wave and the budget ever do.
TEST(Rollout, NeverBreaksMoreThanAWaveAtOnce) {
  std::mt19937 random(20261122);
  for (int run = 0; run < 200; ++run) {
    const Rollout rollout{
        .canaries = {}, .waves = {{.count = 2}, {.percent = 30}}, .failure_budget = random() % 3};
    std::vector<FleetMember> members;
    for (int i = 0; i < 20; ++i) members.push_back({"t" + std::to_string(10 + i)});
    const bool bad = run % 2 == 0;
    for (int step = 0; step < 100; ++step) {
      const Clearance now = clear(rollout, members);
      for (FleetMember& member : members) {
        if (member.there || !now.cleared.contains(member.name)) continue;
        member.failed = bad;
        member.there = !bad;
      }
    }
    const auto failed = std::ranges::count(members, true, &FleetMember::failed);
    const auto there = std::ranges::count(members, true, &FleetMember::there);
    if (bad) {
      EXPECT_LE(failed, 6) << "a bad revision came further than its second wave";
    } else {
      EXPECT_EQ(there, 20) << "a good revision did not come to everybody";
    }
  }
}

}  // namespace
}  // namespace reconcile::policy
