#include <gtest/gtest.h>

#include "controller/loop/schedule.h"

namespace reconcile::loop {
namespace {

using namespace std::chrono_literals;

const Schedule::Time start{};

/// Without jitter, so that times can be told.
Rhythm every(std::chrono::milliseconds interval) {
  return {.interval = interval, .backoff = 1s, .longest = 5s, .jitter = 0};
}

Schedule schedule() {
  return Schedule([] { return 0.5; });
}

TEST(Schedule, TakesWhatIsDueAndNothingElse) {
  Schedule all = schedule();
  all.put("later", every(60s), start + 10s);
  all.put("now", every(60s), start);
  EXPECT_EQ(all.take(start), "now");
  EXPECT_EQ(all.take(start), std::nullopt);
  EXPECT_EQ(all.next(), start + 10s);
  EXPECT_EQ(all.running(), 1U);
}

TEST(Schedule, NeverRunsOneThingTwiceAtOnce) {
  Schedule all = schedule();
  all.put("stage", every(1s), start);
  ASSERT_EQ(all.take(start), "stage");
  all.put("stage", every(1s), start);
  all.hurry("stage", start);
  EXPECT_EQ(all.take(start + 100s), std::nullopt);
}

TEST(Schedule, ComesNoLaterThanItIsTold) {
  Schedule all = schedule();
  all.put("prod", every(60s), start + 60s);
  all.not_after("prod", start + 20s);
  EXPECT_EQ(all.next(), start + 20s);
  all.not_after("prod", start + 30s);
  EXPECT_EQ(all.next(), start + 20s) << "it was to come earlier already";
  ASSERT_EQ(all.take(start + 20s), "prod");
  all.not_after("nobody", start);
  all.ended("prod", true, start + 20s);
  EXPECT_EQ(all.next(), start + 80s);
  ASSERT_EQ(all.take(start + 80s), "prod");
  all.not_after("prod", start + 85s);
  all.ended("prod", true, start + 81s);
  EXPECT_EQ(all.next(), start + 85s) << "said while it ran";
}

TEST(Schedule, RunsOnceMoreWhatWasAskedForMeanwhile) {
  Schedule all = schedule();
  all.put("stage", every(60s), start);
  ASSERT_EQ(all.take(start), "stage");
  all.hurry("stage", start + 1s);
  all.hurry("stage", start + 2s);
  all.ended("stage", true, start + 3s);
  EXPECT_EQ(all.take(start + 3s), "stage");
  all.ended("stage", true, start + 4s);
  EXPECT_EQ(all.take(start + 4s), std::nullopt) << "asked for twice, and run twice more";
  EXPECT_EQ(all.due("stage"), start + 64s);
}

TEST(Schedule, WaitsLongerAfterEachFailureUpToALimit) {
  Schedule all = schedule();
  all.put("stage", every(60s), start);
  Schedule::Time now = start;
  for (const auto wait : {1s, 2s, 4s, 5s, 5s}) {
    ASSERT_EQ(all.take(now), "stage");
    all.ended("stage", false, now);
    EXPECT_EQ(all.due("stage"), now + wait);
    now += wait;
  }
  ASSERT_EQ(all.take(now), "stage");
  all.ended("stage", true, now);
  EXPECT_EQ(all.due("stage"), now + 60s) << "what works has its usual rhythm again";
}

// argo-cd#11494: retries of a failing commit kept the commit waiting that mended it.
TEST(Schedule, ForgetsFailuresWhenSomethingNewArrives) {
  Schedule all = schedule();
  all.put("stage", every(60s), start);
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(all.take(start + i * 10s), "stage");
    all.ended("stage", false, start + i * 10s);
  }
  const Schedule::Time pushed = start + 91s;
  all.hurry("stage", pushed);
  ASSERT_EQ(all.take(pushed), "stage");
  all.ended("stage", false, pushed);
  EXPECT_EQ(all.due("stage"), pushed + 1s);
}

TEST(Schedule, SpreadsWhatBeganTogether) {
  double next = 0;
  Schedule all([&] { return next += 0.001; });
  for (int i = 0; i < 1000; ++i) {
    Rhythm rhythm = every(100s);
    rhythm.jitter = 0.1;
    all.put("tenant_" + std::to_string(i), rhythm, start);
  }
  while (const auto item = all.take(start)) all.ended(*item, true, start);
  EXPECT_GT(all.next(), start + 90s - 1s);
  std::size_t early = 0;
  while (all.take(start + 100s)) ++early;
  EXPECT_NEAR(static_cast<double>(early), 500, 5);
}

TEST(Schedule, LetsARemovedOneComeToItsEnd) {
  Schedule all = schedule();
  all.put("stage", every(60s), start);
  ASSERT_EQ(all.take(start), "stage");
  all.remove("stage");
  EXPECT_TRUE(all.items().empty());
  EXPECT_EQ(all.running(), 1U);
  all.ended("stage", true, start);
  EXPECT_EQ(all.running(), 0U);
  EXPECT_EQ(all.next(), std::nullopt);
}

TEST(Schedule, GoesOnWithOneThatCameBackWhileItRan) {
  Schedule all = schedule();
  all.put("stage", every(60s), start);
  ASSERT_EQ(all.take(start), "stage");
  all.remove("stage");
  all.put("stage", every(30s), start);
  all.ended("stage", true, start);
  EXPECT_EQ(all.due("stage"), start + 30s);
}

TEST(Schedule, ServesFirstWhatSomethingWaitsFor) {
  Schedule all = schedule();
  all.put("overdue", every(60s), start);
  all.put("awaited", every(60s), start + 60s);
  all.rush("awaited", start + 30s);
  EXPECT_EQ(all.take(start + 30s), "awaited");
  EXPECT_EQ(all.take(start + 30s), "overdue");
  all.ended("awaited", true, start + 31s);
  EXPECT_EQ(all.due("awaited"), start + 91s) << "only once";
}

// Whoever may speak to a database that replicas share may rush what is at home there for ever.
TEST(Schedule, ServesOthersBetweenThoseThatAreRushed) {
  Schedule all = schedule();
  for (const char* name : {"a", "b", "c"}) all.put(name, every(1s), start + 60s);
  all.put("quiet", every(60s), start + 1s);
  all.put("later", every(60s), start + 60s);
  for (const char* name : {"a", "b", "c"}) all.rush(name, start + 2s);
  EXPECT_EQ(all.take(start + 2s), "a");
  EXPECT_EQ(all.take(start + 2s), "quiet");
  EXPECT_EQ(all.take(start + 2s), "b");
  EXPECT_EQ(all.take(start + 2s), "c") << "nobody else is due";
}

TEST(Schedule, ServesTheOneThatHasWaitedLongest) {
  Schedule all = schedule();
  all.put("a", every(1s), start + 2s);
  all.put("b", every(1s), start + 1s);
  EXPECT_EQ(all.take(start + 5s), "b");
  EXPECT_EQ(all.take(start + 5s), "a");
}

}  // namespace
}  // namespace reconcile::loop
