#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/loop/gates.h"

namespace reconcile::loop {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const WallTime start{};

TargetStatus status(const std::string& target, const std::string& commit, Headline headline,
                    std::vector<Stay> stays = {}) {
  TargetStatus one;
  one.target = target;
  one.database = commit;
  one.git.commit = commit;
  one.standing.headline = headline;
  one.standing.reason = headline == Headline::Held ? "Conflict" : "";
  one.stays = std::make_shared<const std::vector<Stay>>(std::move(stays));
  return one;
}

class TurnOfAFollower : public ::testing::Test {
 protected:
  TurnOfAFollower() {
    prod.follows = {"stage", 30min};
    prod.goes_in_turn = true;
    gates.arrange({{"stage", stage}, {"prod", prod}}, {});
  }
  Turn turn(std::chrono::minutes after, const std::string& has) {
    return gates.turn(prod, "c5", has, start + after);
  }

  LoopTarget stage{.name = "stage", .repository = "", .home = ""};
  LoopTarget prod{.name = "prod", .repository = "", .home = ""};
  Gates gates;
};

TEST_F(TurnOfAFollower, IsWhatHasSoakedAndThenAWait) {
  EXPECT_TRUE(gates.is_followed(stage));
  EXPECT_FALSE(gates.is_followed(prod));
  EXPECT_THAT(turn(0min, "").gates, SizeIs(1)) << "nothing is known of stage yet";
  const std::vector<Stay> stays{{"c5", start + 60min}, {"c3", start}};
  EXPECT_TRUE(gates.saw(status("stage", "c5", Headline::InSync, stays)));
  EXPECT_FALSE(gates.saw(status("stage", "c5", Headline::InSync, stays))) << "nothing is new";
  const Turn soaked = turn(70min, "c1");
  EXPECT_EQ(soaked.revision, "c3");
  EXPECT_TRUE(soaked.promoted);
  EXPECT_THAT(soaked.gates, IsEmpty());
  EXPECT_EQ(soaked.next, start + 90min);
  const Turn waits = turn(70min, "c3");
  EXPECT_EQ(waits.revision, "c5");
  EXPECT_FALSE(waits.promoted);
  ASSERT_THAT(waits.gates, SizeIs(1));
  EXPECT_THAT(waits.gates.front().message, HasSubstr("comes here at"));
  EXPECT_EQ(turn(90min, "c3").revision, "c5");
  EXPECT_THAT(turn(90min, "c3").gates, IsEmpty());
  EXPECT_THAT(turn(90min, "c5").gates, IsEmpty());
}

TEST_F(TurnOfAFollower, IsNothingWhileTheOtherIsNotWell) {
  const std::vector<Stay> stays{{"c5", start}};
  for (const Headline headline : {Headline::Failed, Headline::Held, Headline::Drifted}) {
    gates.saw(status("stage", "c5", headline, stays));
    ASSERT_THAT(turn(90min, "c3").gates, SizeIs(1)) << word_of(headline);
    EXPECT_THAT(turn(90min, "c3").gates.front().message,
                HasSubstr("\"" + std::string(word_of(headline)) + "\""));
    EXPECT_FALSE(turn(90min, "c3").next);
  }
  for (const Headline headline : {Headline::Pending, Headline::Paused, Headline::InSync}) {
    gates.saw(status("stage", "c5", headline, stays));
    EXPECT_THAT(turn(90min, "c3").gates, IsEmpty()) << word_of(headline);
  }
}

TEST_F(TurnOfAFollower, OfAFleetIsWhatAllOfItHas) {
  LoopTarget a{.name = "a", .fleet = "stage", .repository = "", .home = ""};
  LoopTarget b{.name = "b", .fleet = "stage", .repository = "", .home = ""};
  gates.arrange({{"a", a}, {"b", b}, {"prod", prod}}, {});
  EXPECT_TRUE(gates.is_followed(a));
  gates.saw(status("a", "c5", Headline::InSync, {{"c5", start}}));
  EXPECT_THAT(turn(90min, "").gates, SizeIs(1));
  gates.saw(status("b", "c5", Headline::InSync, {{"c5", start + 80min}}));
  EXPECT_EQ(turn(90min, "").next, start + 110min);
  EXPECT_EQ(turn(110min, "").revision, "c5");
  EXPECT_TRUE(turn(110min, "").promoted);
}

}  // namespace
}  // namespace reconcile::loop
