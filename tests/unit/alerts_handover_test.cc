#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/alerts/book.h"
#include "reconcilers/alerts/outbox.h"
#include "tests/unit/support/alerts.h"

// What becomes of a book as targets come, go and change hands, and of what many targets share.

namespace reconcile::alerts {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

const std::string drift_x = "prod/drifted/index%20public.x";

/// The target, with nobody able to reach its database for five minutes.
OneTarget away_for_long() {
  OneTarget target;
  target.look(unreachable());
  target.now += 5min;
  target.tick();
  return target;
}

TEST(AlertHandover, WhatWasToldOfAnAwayDatabaseGoesOnBesideItsBook) {
  OneTarget before;
  before.look(drifted({"public.x"}));
  const OneTarget meanwhile = away_for_long();
  OneTarget after;
  after.now = meanwhile.now;
  after.book = take_over(before.book, meanwhile.book);
  EXPECT_THAT(after.book.entries, UnorderedElementsAre(Key("prod/unknown"), Key(drift_x)));
  EXPECT_THAT(after.look(drifted({"public.x"})), IsEmpty());
  after.now += 3min;
  EXPECT_THAT(after.tick(), ElementsAre("chat resolved prod/unknown"));
}

TEST(AlertHandover, AStoredBookCountsMoreThanAnOldOne) {
  OneTarget old;
  old.look(drifted({"public.x"}));
  EXPECT_THAT(take_over(Book(), old.book).entries, IsEmpty())
      << "whoever led meanwhile has told that it is over";
  OneTarget stored;
  stored.look(failed(Stage::Connect));
  OneTarget own;
  own.now += 1h;
  own.look(failed(Stage::Connect));
  EXPECT_EQ(take_over(stored.book, own.book), stored.book);
}

TEST(AlertHandover, WhoeverGivesATargetAwayEndsOnlyWhatNobodyElseKnows) {
  OneTarget target = away_for_long();
  target.look(drifted({"public.x"}));
  const Book stored;
  target.now += 1s;
  const Update update = hand_over(target.book, stored, target.now, target.settings);
  ASSERT_EQ(update.deliveries.size(), 1U);
  EXPECT_EQ(line_of(update.deliveries.front()), "chat resolved prod/unknown");
  const Book left = delivered(update.book, update.deliveries.front(), target.now);
  EXPECT_THAT(close(left, target.now, target.settings).book.entries, IsEmpty());
  EXPECT_THAT(hand_over(target.book, target.book, target.now, target.settings).deliveries,
              IsEmpty())
      << "the next one knows it, and goes on with it";
}

TEST(AlertHandover, ATargetThatIsNoneAnyMoreHasNoAlerts) {
  OneTarget target;
  target.look(drifted({"public.x"}));
  target.look(failed(Stage::Load));
  Update update = close(target.book, target.now, target.settings);
  std::vector<std::string> lines;
  for (const Delivery& delivery : update.deliveries) {
    lines.push_back(line_of(delivery));
    update.book = delivered(std::move(update.book), delivery, target.now);
  }
  EXPECT_THAT(lines, ElementsAre("chat resolved " + drift_x, "chat resolved prod/failed/load"));
  update = close(std::move(update.book), target.now, target.settings);
  EXPECT_THAT(update.book.entries, IsEmpty());
  EXPECT_THAT(update.deliveries, IsEmpty());
}

TEST(AlertHandover, AShortOutageIsNotWorthWriting) {
  OneTarget target;
  target.look(in_sync());
  const Book stored = target.book;
  target.look(unreachable());
  EXPECT_NE(target.book, stored);
  EXPECT_FALSE(is_worth_keeping(target.book, stored));
  target.now += 5min;
  target.tick();
  EXPECT_TRUE(is_worth_keeping(target.book, stored));
}

TEST(AlertHandover, WhatWaitsForAForgottenTargetIsNotDelivered) {
  Outbox outbox;
  outbox.put({.receiver = "chat", .target = "prod", .key = "a", .at = noon, .what = Notice()});
  outbox.put({.receiver = "chat", .target = "stage", .key = "b", .at = noon, .what = Notice()});
  outbox.forget("prod");
  const auto due = outbox.take(noon);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due.front().target, "stage");
}

// ---- git

const Error no_answer{.kind = ErrorKind::Transient,
                      .where = "https://git.example.org/db",
                      .what = "cannot fetch",
                      .why = "connection refused",
                      .next = "look whether it runs"};

TEST(AlertsOfGit, AreOneForTheRepositoryWhateverAReceiverWatches) {
  Settings settings{.receivers = {{.name = "chat"},
                                  {.name = "tenants", .targets = {"tenant_*"}},
                                  {.name = "drift", .events = {"drifted"}},
                                  {.name = "git", .commits_only = true}}};
  Repository repository{.name = "git main", .away = git_is_away(no_answer, noon), .since = noon};
  Book book;
  const auto told = [&] {
    Update update = alerts::update(book, repository, noon + 5min, settings);
    book = std::move(update.book);
    std::vector<std::string> lines;
    for (const Delivery& delivery : update.deliveries) {
      lines.push_back(line_of(delivery));
      book = delivered(std::move(book), delivery, noon + 5min);
    }
    return lines;
  };
  EXPECT_THAT(told(),
              ElementsAre("chat firing git%20main/unknown", "tenants firing git%20main/unknown"));
  EXPECT_EQ(book.entries.begin()->second.alert.sentence,
            "unknown: git cannot be reached since " + iso_time(noon) +
                ": https://git.example.org/db: cannot fetch: connection refused; next: look "
                "whether it runs");
  EXPECT_EQ(book.entries.begin()->second.alert.started, noon);
  EXPECT_THAT(told(), IsEmpty());
  repository.away.reset();
  EXPECT_THAT(told(), ElementsAre("chat resolved git%20main/unknown",
                                  "tenants resolved git%20main/unknown"));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(book.entries, IsEmpty());
}

/// A pass that ends while git has been away for long.
std::vector<std::string> look_without_git(OneTarget& target, const PassReport& report) {
  const TargetStatus before = target.status;
  target.status = without_git(status_after(before, report, target.now), before,
                              git_is_away(no_answer, noon), target.now);
  return target.tell_pass();
}

TEST(AlertsOfGit, AreNotOneMoreForEachTarget) {
  OneTarget target;
  target.settings.receivers.push_back({.name = "git", .commits_only = true});
  target.look(in_sync());
  for (int minute = 0; minute < 10; ++minute) {
    EXPECT_THAT(look_without_git(target, in_sync()), IsEmpty());
    EXPECT_THAT(target.tick(), IsEmpty());
    target.now += 1min;
  }
  EXPECT_EQ(target.status.standing.headline, Headline::Unknown);
}

TEST(AlertsOfGit, LeaveDriftToBeToldAndToEnd) {
  OneTarget target;
  target.look(in_sync());
  EXPECT_THAT(look_without_git(target, drifted({"public.x"})),
              ElementsAre("chat firing " + drift_x));
  EXPECT_EQ(target.status.standing.headline, Headline::Drifted);
  EXPECT_THAT(look_without_git(target, in_sync()), IsEmpty());
  target.now += 3min;
  EXPECT_THAT(look_without_git(target, in_sync()), ElementsAre("chat resolved " + drift_x));
}

TEST(AlertsOfGit, ADatabaseThatIsAwayAsWellHasItsOwn) {
  OneTarget target;
  look_without_git(target, unreachable());
  target.now += 3min;
  EXPECT_THAT(look_without_git(target, unreachable()), ElementsAre("chat firing prod/unknown"));
}

}  // namespace
}  // namespace reconcile::alerts
