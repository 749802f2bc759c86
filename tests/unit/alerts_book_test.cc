#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/alerts/book.h"
#include "tests/unit/support/alerts.h"

// What leaves as what is known of a target goes on. Cases are a story each: what a pass came to, or
// that time passed, and what every receiver is told then.

namespace reconcile::alerts {
namespace {

using namespace std::chrono_literals;
using namespace test;

struct Moment {
  std::chrono::minutes at;
  std::optional<PassReport> ended;  ///< nothing: time passed
  std::vector<std::string> told;    ///< "receiver occasion key"
};

struct Story {
  std::string name;
  std::vector<Moment> moments;
};

class AlertStories : public ::testing::TestWithParam<Story> {};

TEST_P(AlertStories, TellOnlyWhatIsNew) {
  OneTarget target;
  for (const Moment& moment : GetParam().moments) {
    target.now = noon + moment.at;
    EXPECT_THAT(target.look(moment.ended), ::testing::ElementsAreArray(moment.told))
        << "at minute " << moment.at.count();
    EXPECT_THAT(target.tick(), ::testing::IsEmpty()) << "the same once more";
  }
}

const std::string drift_x = "prod/drifted/index%20public.x";
const std::string drift_y = "prod/drifted/index%20public.y";

const Story stories[] = {
    {"NothingIsSaidOfATargetInSync", {{0min, in_sync(), {}}, {1440min, in_sync(), {}}}},
    {"AFailureIsToldOnceAndEnds",
     {{0min, failed(Stage::Post), {"chat firing prod/failed/post"}},
      {1min, failed(Stage::Post), {}},
      {2min, applied("b"), {"chat resolved prod/failed/post"}}}},
    {"WithoutAnApplyItHasToBeGoneForAWhile",
     {{0min, failed(Stage::Load), {"chat firing prod/failed/load"}},
      {1min, in_sync(), {}},
      {2min, failed(Stage::Load), {}},
      {3min, in_sync(), {}},
      {4min, {}, {}},
      {5min, {}, {"chat resolved prod/failed/load"}}}},
    {"AnEarlierFailureProvesNothing",
     {{0min, failed(Stage::Verify), {"chat firing prod/failed/verify"}},
      {1min, failed(Stage::Load), {"chat firing prod/failed/load"}},
      {10min, failed(Stage::Load), {}},
      {20min,
       applied("b"),
       {"chat resolved prod/failed/load", "chat resolved prod/failed/verify"}}}},
    {"AHoldIsOneForItsReasonWhateverTheCommit",
     {{0min, held({ReasonCode::Conflict}, "b"), {"chat firing prod/held/Conflict"}},
      {5min, held({ReasonCode::Conflict}, "c"), {}},
      {20min, held({ReasonCode::Conflict}, "d", "field x"), {"chat changed prod/held/Conflict"}},
      {21min, held({ReasonCode::Conflict}, "e", "field y"), {}},
      {36min, held({ReasonCode::Conflict}, "e", "field y"), {"chat changed prod/held/Conflict"}},
      {37min, applied("e"), {"chat resolved prod/held/Conflict"}}}},
    {"EachReasonOfAHoldIsItsOwn",
     {{0min,
       held({ReasonCode::Conflict, ReasonCode::MigrationEdited, ReasonCode::Conflict}, "b"),
       {"chat firing prod/held/Conflict", "chat firing prod/held/MigrationEdited"}},
      {1min, held({ReasonCode::Conflict}, "b"), {}},
      {3min, held({ReasonCode::Conflict}, "b"), {"chat resolved prod/held/MigrationEdited"}}}},
    {"LossesAskForOneApproval",
     {{0min,
       held({ReasonCode::DestructiveChange, ReasonCode::DeletionBudgetExceeded}, "b"),
       {"chat firing prod/needs-approval"}},
      {9min, applied("b"), {"chat resolved prod/needs-approval"}}}},
    {"WhatWaitsForItsTimeIsNobodysBusiness",
     {{0min, held({ReasonCode::OutsideWindow}, "b"), {}},
      {9min, held({ReasonCode::LeaseHeld}, "b"), {}},
      {10min, held({ReasonCode::Suspended}, "b"), {}}}},
    {"DriftIsOneForEachObject",
     {{0min,
       drifted({"public.x", "public.y"}),
       {"chat firing " + drift_x, "chat firing " + drift_y}},
      {5min, drifted({"public.y"}), {}},
      {7min, drifted({"public.y"}), {"chat resolved " + drift_x}},
      {8min, applied("a"), {"chat resolved " + drift_y}}}},
    {"AnUnreachableDatabaseSaysNothingOfItsDrift",
     {{0min, drifted({"public.x"}), {"chat firing " + drift_x}},
      {1min, unreachable(), {}},
      {2min, {}, {}},
      {3min, {}, {"chat firing prod/unknown"}},
      {60min, unreachable(), {}},
      {61min, drifted({"public.x"}), {}},
      {63min, {}, {"chat resolved prod/unknown"}}}},
    {"AShortOutageIsNotWorthAWord",
     {{0min, in_sync(), {}}, {1min, unreachable(), {}}, {2min, in_sync(), {}}, {9min, {}, {}}}},
    {"ARefusedRevisionIsNotComparedAndSaysNothingOfDrift",
     {{0min, drifted({"public.x"}), {"chat firing " + drift_x}},
      {1min, held({ReasonCode::StaleRevision}, "9"), {"chat firing prod/held/StaleRevision"}},
      {9min, in_sync(), {}},
      {11min, {}, {"chat resolved " + drift_x, "chat resolved prod/held/StaleRevision"}}}},
    {"AStaleInstanceIsAnAlertOfItsOwn",
     {{0min, warned("http://a:8055: no answer"), {"chat firing prod/stale-instance/" + instance}},
      {1min, warned("http://a:8055 may be old"), {}},
      {2min, warned("something else"), {}},
      {4min, {}, {"chat resolved prod/stale-instance/" + instance}}}},
    {"WhatLastsIsToldAgainOnceADay",
     {{0min, failed(Stage::Load), {"chat firing prod/failed/load"}},
      {1439min, failed(Stage::Load), {}},
      {1440min, failed(Stage::Load), {"chat reminder prod/failed/load"}},
      {2000min, failed(Stage::Load), {}}}},
    {"WhoeverIsSkippedHasNoAlerts",
     {{0min, failed(Stage::Load), {"chat firing prod/failed/load"}},
      {1min, skipped(), {"chat resolved prod/failed/load"}}}},
};

INSTANTIATE_TEST_SUITE_P(Alerts, AlertStories, ::testing::ValuesIn(stories),
                         [](const auto& story) { return story.param.name; });

TEST(AlertBook, AnnouncesWhatGoesLiveAndWhatWasHealed) {
  OneTarget target;
  target.settings.receivers.front().events = {"info"};
  EXPECT_THAT(target.look(in_sync()), ::testing::IsEmpty()) << "it was live before";
  EXPECT_THAT(target.look(applied("b")),
              ::testing::ElementsAre("chat event prod/applied/" + commit("b")));
  EXPECT_THAT(target.look(in_sync("b")), ::testing::IsEmpty());
  EXPECT_THAT(target.look(in_sync("c")),
              ::testing::ElementsAre("chat event prod/applied/" + commit("c")))
      << "by somebody else, or without any step";
  PassReport healed = applied("c");
  healed.base = commit("c");
  healed.plan.steps.resize(2);
  healed.plan.steps.front().object = {"index", "public.x"};
  healed.plan.digest = "digest";
  EXPECT_THAT(target.look(healed), ::testing::ElementsAre("chat event prod/healed/digest"));
  EXPECT_EQ(std::get<Notice>(target.last.front().what).alert.sentence,
            "index public.x is as git made it again, and 1 more");
  PassReport back = held({ReasonCode::StaleRevision}, "c");
  back.base = commit("a");
  EXPECT_THAT(target.look(back), ::testing::IsEmpty()) << "the hold says so";
}

TEST(AlertBook, GoesOnInAnotherProcess) {
  OneTarget first;
  first.look(drifted({"public.x"}));
  OneTarget second;
  second.book = first.book;
  second.now = first.now + 1min;
  EXPECT_THAT(second.look(drifted({"public.x"})), ::testing::IsEmpty());
  second.now += 1min;
  EXPECT_THAT(second.look(applied("b")), ::testing::ElementsAre("chat resolved " + drift_x));
}

TEST(AlertBook, TellsAgainUntilItHasArrived) {
  OneTarget target;
  target.arrives = false;
  EXPECT_EQ(target.look(failed(Stage::Load)).size(), 1U);
  EXPECT_THAT(target.tick(), ::testing::ElementsAre("chat firing prod/failed/load"));
  target.look(applied("b"));
  EXPECT_THAT(target.tick(), ::testing::ElementsAre("chat resolved prod/failed/load"));
  // There again: first they have to hear that it was over.
  target.look(failed(Stage::Load));
  EXPECT_THAT(target.tick(), ::testing::ElementsAre("chat resolved prod/failed/load"));
  target.arrives = true;
  target.tick();
  EXPECT_THAT(target.tick(), ::testing::ElementsAre("chat firing prod/failed/load"));
}

TEST(AlertBook, ForgetsWhatIsOverAndNobodyTakes) {
  OneTarget target;
  target.arrives = false;
  target.look(failed(Stage::Load));
  target.look(applied("b"));
  target.now += 25h;
  target.tick();
  EXPECT_TRUE(target.book.entries.empty());
}

TEST(AlertBook, EachReceiverHearsWhatItAskedFor) {
  OneTarget target;
  target.settings.receivers = {{.name = "prod only", .targets = {"pr*d"}},
                               {.name = "tenants", .targets = {"tenant_*"}},
                               {.name = "stage", .environments = {"stage"}},
                               {.name = "signatures", .events = {"BadSignature"}},
                               {.name = "critical", .events = {"critical"}},
                               {.name = "conflicts", .events = {"held"}},
                               {.name = "git", .commits_only = true}};
  EXPECT_THAT(target.look(held({ReasonCode::Conflict}, "b")),
              ::testing::ElementsAre("prod only firing prod/held/Conflict",
                                     "conflicts firing prod/held/Conflict", "git failure b"));
  EXPECT_THAT(target.look(held({ReasonCode::Conflict, ReasonCode::BadSignature}, "b")),
              ::testing::ElementsAre("prod only firing prod/held/BadSignature",
                                     "signatures firing prod/held/BadSignature",
                                     "critical firing prod/held/BadSignature",
                                     "conflicts firing prod/held/BadSignature"));
}

TEST(AlertBook, AGitServerHearsEachStateOfACommitOnce) {
  OneTarget target;
  target.settings.receivers = {{.name = "git", .commits_only = true}};
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  EXPECT_THAT(target.look(in_sync()), ElementsAre("git success a"));
  EXPECT_THAT(target.look(in_sync()), IsEmpty());
  EXPECT_THAT(target.look(drifted({"public.x"})), IsEmpty()) << "no fault of the commit";
  EXPECT_THAT(target.look(held({ReasonCode::OutsideWindow}, "b")), ElementsAre("git pending b"));
  EXPECT_THAT(target.look(held({ReasonCode::DestructiveChange}, "b")), ElementsAre("git pending b"))
      << "for another reason";
  EXPECT_THAT(target.look(applied("b")), ElementsAre("git success b"));
  EXPECT_THAT(target.look(failed(Stage::Post, "c")), ElementsAre("git failure c"));
  EXPECT_THAT(target.look(failed(Stage::Post, "c")), IsEmpty());
  target.status.standing = {.headline = Headline::Applying};
  EXPECT_THAT(target.tick(), IsEmpty()) << "how it ends will be said";
}

TEST(AlertBook, AThousandDriftedObjectsAreNoThousandMessages) {
  OneTarget target;
  std::vector<std::string> objects;
  for (int i = 1000; i < 2000; ++i) objects.push_back("public.o" + std::to_string(i));
  EXPECT_EQ(target.look(drifted(objects)).size(), 21U);
  EXPECT_THAT(target.book.entries, ::testing::Contains(::testing::Key("prod/drifted/others")));
  objects.insert(objects.begin(), "public.a");
  target.now += 1min;
  EXPECT_THAT(target.look(drifted(objects)), ::testing::IsEmpty())
      << "one more takes nobody's place";
  target.now += 1min;
  EXPECT_EQ(target.look(applied("b")).size(), 21U);
  target.tick();
  EXPECT_TRUE(target.book.entries.empty());
}

TEST(AlertBook, ADayOfComingAndGoingTakesNoMoreRoom) {
  OneTarget target;
  target.arrives = false;
  for (int i = 0; i < 1'000; ++i) {
    target.look(drifted({"public.o" + std::to_string(i)}));
    target.now += 70s;
  }
  EXPECT_LE(target.book.entries.size(), 500U);
  EXPECT_GT(target.book.entries.size(), 400U);
}

TEST(AlertBook, KeysHoldNothingThatCanPassForSomethingElse) {
  EXPECT_EQ(key_of("a/b", Condition::Held, "X", ""), "a%2Fb/held/X");
  EXPECT_NE(key_of("t", Condition::Drifted, "", "a/b"), key_of("t", Condition::Drifted, "a", "b"));
  EXPECT_EQ(key_of("t", Condition::Drifted, "", "index \"a\nb\""), "t/drifted/index%20%22a%0Ab%22");
}

}  // namespace
}  // namespace reconcile::alerts
