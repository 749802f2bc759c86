#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/alerts/outbox.h"
#include "tests/unit/support/alerts.h"

namespace reconcile::alerts {
namespace {

using namespace std::chrono_literals;
using test::noon;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Delivery notice(const std::string& receiver, const std::string& key,
                Occasion occasion = Occasion::Firing, Severity severity = Severity::Warning) {
  Alert alert;
  alert.key = key;
  alert.severity = severity;
  return {.receiver = receiver,
          .target = "prod",
          .key = key,
          .at = noon,
          .what = Notice{occasion, alert}};
}

Receipt failure(ErrorKind kind, std::optional<std::chrono::seconds> wait = {}) {
  return {.error = Error{.kind = kind, .where = "r", .what = "no", .why = "", .next = ""},
          .wait = wait};
}

std::vector<std::string> lines(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> all;
  for (const Delivery& delivery : deliveries) all.push_back(test::line_of(delivery));
  return all;
}

TEST(Outbox, OneAtATimeForEachReceiverInOrder) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  outbox.put(notice("a", "y"));
  outbox.put(notice("b", "x"));
  const auto first = outbox.take(noon);
  EXPECT_THAT(lines(first), ElementsAre("a firing x", "b firing x"));
  EXPECT_THAT(outbox.take(noon), IsEmpty()) << "both are under way";
  EXPECT_EQ(outbox.settle(first[0], {}, noon, 0), Outbox::End::Arrived);
  EXPECT_THAT(lines(outbox.take(noon)), ElementsAre("a firing y"))
      << "b is slow, and delays nobody";
}

TEST(Outbox, TheNewerTakesThePlaceOfTheOlder) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  EXPECT_EQ(outbox.put(notice("a", "x")), Outbox::Put::Known);
  EXPECT_EQ(outbox.put(notice("a", "x", Occasion::Resolved)), Outbox::Put::Taken);
  EXPECT_EQ(outbox.waiting(), 1U);
  const auto resolved = outbox.take(noon);
  EXPECT_THAT(lines(resolved), ElementsAre("a resolved x"));
  EXPECT_EQ(outbox.put(notice("a", "x", Occasion::Resolved)), Outbox::Put::Known) << "under way";
  EXPECT_EQ(outbox.put(notice("a", "x", Occasion::Firing)), Outbox::Put::Taken);
  EXPECT_EQ(outbox.settle(resolved[0], failure(ErrorKind::Transient), noon, 0), Outbox::End::Later);
  EXPECT_EQ(outbox.waiting(), 1U) << "what failed is out of date";
  EXPECT_THAT(lines(outbox.take(noon + 1h)), ElementsAre("a firing x"));
}

TEST(Outbox, WaitsLongerEachTimeAndNotForever) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  WallTime now = noon;
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 12; ++i) {
    const auto due = outbox.take(now);
    ASSERT_EQ(due.size(), 1U);
    outbox.settle(due[0], failure(ErrorKind::Transient), now, 0.999'999);
    const WallTime next = outbox.next().value();
    EXPECT_THAT(outbox.take(next - 1ms), IsEmpty());
    waits.push_back(std::chrono::ceil<std::chrono::seconds>(next - now).count());
    now = next;
  }
  EXPECT_THAT(waits, ElementsAre(1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300));
  const auto due = outbox.take(now);
  outbox.settle(due[0], failure(ErrorKind::Transient), now, 0);
  EXPECT_EQ(outbox.next().value() - now, 150s) << "half of it is by chance";
}

TEST(Outbox, HonoursWhatAReceiverAsksForUpToAnHour) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  auto due = outbox.take(noon);
  outbox.settle(due[0], failure(ErrorKind::Transient, 90s), noon, 0);
  EXPECT_EQ(outbox.next().value(), noon + 90s);
  due = outbox.take(noon + 90s);
  outbox.settle(due[0], failure(ErrorKind::Transient, 24h), noon, 0);
  EXPECT_EQ(outbox.next().value(), noon + 1h);
}

TEST(Outbox, WhatIsRefusedIsNotTriedAgainAndHoldsNothingUp) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  outbox.put(notice("a", "y"));
  EXPECT_EQ(outbox.settle(outbox.take(noon)[0], failure(ErrorKind::Terminal), noon, 0),
            Outbox::End::Refused);
  EXPECT_THAT(lines(outbox.take(noon)), ElementsAre("a firing y"));
}

TEST(Outbox, OneThatFailsGoesBehindTheOthers) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  outbox.put(notice("a", "y"));
  outbox.settle(outbox.take(noon)[0], failure(ErrorKind::Transient), noon, 0);
  EXPECT_THAT(lines(outbox.take(noon + 1h)), ElementsAre("a firing y"));
}

TEST(Outbox, ADayWithoutAReceiverTakesNoMoreRoom) {
  Outbox outbox({.waiting = 3});
  for (const char* key : {"a", "b", "c"})
    outbox.put(notice("r", key, Occasion::Firing, Severity::Warning));
  EXPECT_EQ(outbox.put(notice("r", "d", Occasion::Firing, Severity::Warning)), Outbox::Put::Full);
  EXPECT_EQ(outbox.put(notice("r", "e", Occasion::Firing, Severity::Critical)), Outbox::Put::Taken);
  EXPECT_EQ(outbox.put(notice("r", "e", Occasion::Resolved, Severity::Critical)),
            Outbox::Put::Taken);
  EXPECT_EQ(outbox.waiting(), 3U);
  EXPECT_EQ(outbox.dropped(), 2U);
}

TEST(Outbox, NobodyWantsToHearOfYesterday) {
  Outbox outbox;
  outbox.put(notice("a", "x", Occasion::Resolved));
  outbox.put(notice("a", "y", Occasion::Event));
  outbox.put(notice("a", "z"));
  EXPECT_THAT(lines(outbox.take(noon + 25h)), ElementsAre("a firing z"));
  EXPECT_EQ(outbox.waiting(), 1U);
}

TEST(Outbox, ForgetsReceiversThatAreGone) {
  Outbox outbox;
  outbox.put(notice("a", "x"));
  const auto due = outbox.take(noon);
  outbox.put(notice("b", "x"));
  outbox.keep_only({"b"});
  EXPECT_EQ(outbox.waiting(), 1U);
  EXPECT_EQ(outbox.settle(due[0], failure(ErrorKind::Transient), noon, 0), Outbox::End::Later);
  EXPECT_EQ(outbox.waiting(), 1U);
}

}  // namespace
}  // namespace reconcile::alerts
