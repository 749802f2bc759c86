#include <gtest/gtest.h>

#include <random>
#include <set>

#include "reconcilers/alerts/book_json.h"
#include "reconcilers/alerts/outbox.h"
#include "tests/support/random_seed.h"
#include "tests/unit/support/alerts.h"

// Any number of things that may happen to a target, receivers that come and go, and processes that
// die at any point, held against what a receiver may hear.

namespace reconcile::alerts {
namespace {

using namespace std::chrono_literals;
using namespace test;

/// A person who listens to one receiver.
class Listener {
 public:
  void hear(const Delivery& delivery, WallTime now, const std::string& story) {
    const Notice& notice = std::get<Notice>(delivery.what);
    Heard& heard = heard_[delivery.key];
    switch (notice.occasion) {
      case Occasion::Firing:
        EXPECT_FALSE(heard.firing) << story << delivery.key << " fires twice";
        heard.firing = true;
        break;
      case Occasion::Changed:
        EXPECT_TRUE(heard.firing) << story << delivery.key;
        EXPECT_NE(heard.sentence, notice.alert.sentence) << story << delivery.key << " is the same";
        EXPECT_GE(now - heard.at, 15min) << story << delivery.key << " changes too often";
        break;
      case Occasion::Reminder:
        EXPECT_TRUE(heard.firing) << story << delivery.key;
        EXPECT_GE(now - heard.at, 24h) << story << delivery.key;
        break;
      case Occasion::Resolved:
        heard.firing = false;
        break;
      case Occasion::Event:
        EXPECT_TRUE(events_.insert(delivery.key).second) << story << delivery.key << " twice";
        break;
    }
    heard.sentence = notice.alert.sentence;
    heard.at = now;
  }
  std::set<std::string> firing() const {
    std::set<std::string> keys;
    for (const auto& [key, heard] : heard_) {
      if (heard.firing) keys.insert(key);
    }
    return keys;
  }

 private:
  struct Heard {
    bool firing = false;
    std::string sentence;
    WallTime at;
  };
  std::map<std::string, Heard> heard_;
  std::set<std::string> events_;
};

class World {
 public:
  explicit World(std::uint64_t seed)
      : random_(seed), story_("seed " + std::to_string(seed) + ": ") {
    settings_.receivers = {
        {.name = "chat", .events = {"critical", "warning", "info"}, .remind = 24h},
        {.name = "pager", .events = {"critical"}, .remind = 24h}};
    status_.target = "prod";
  }

  void live(int steps) {
    for (int i = 0; i < steps; ++i) {
      now_ += std::chrono::seconds(pick(600));
      if (pick(10) == 0) up_ = !up_;
      if (pick(20) == 0) die();
      if (pick(3) == 0) {
        learn(update(book_, status_, News::TimePassed, now_, settings_));
      } else {
        end_pass(anything());
      }
      deliver();
    }
    // Whatever was, in the end all is well, and everybody knows.
    up_ = true;
    end_pass(in_sync(std::string(1, newest_)));
    for (int i = 0; i < 20; ++i) {
      now_ += 5min;
      learn(update(book_, status_, News::TimePassed, now_, settings_));
      deliver();
    }
    for (const auto& [name, listener] : listeners_)
      EXPECT_EQ(listener.firing(), std::set<std::string>()) << story_ << name;
    EXPECT_TRUE(book_.entries.empty()) << story_ << to_json(book_);
    EXPECT_EQ(outbox_.waiting(), 0U) << story_;
  }

 private:
  std::uint64_t pick(std::uint64_t count) {
    return std::uniform_int_distribution<std::uint64_t>(0, count - 1)(random_);
  }

  PassReport anything() {
    const std::string letter(1, newest_);
    switch (pick(9)) {
      case 0:
        return failed(static_cast<Stage>(pick(14)), letter);
      case 1:
        return unreachable();
      case 2:
        return held({ReasonCode::DestructiveChange}, letter, "field " + std::to_string(pick(3)));
      case 3:
        return held({ReasonCode::Conflict, ReasonCode::BadSignature}, letter);
      case 4:
        return drifted({"public.a" + std::to_string(pick(3)), "public.b"});
      case 5:
        if (newest_ < 'z') ++newest_;
        return applied(std::string(1, newest_));
      case 6:
        return held({ReasonCode::LeaseHeld}, letter);
      case 7:
        return warned("http://a:8055: no answer");
      default:
        return in_sync(letter);
    }
  }

  void end_pass(PassReport report) {
    if (report.base) report.base = commit(std::string(1, live_));
    report.revision.commit = commit(std::string(1, newest_));
    if (std::holds_alternative<Applied>(report.outcome) ||
        std::holds_alternative<InSync>(report.outcome))
      live_ = newest_;
    status_ = status_after(status_, report, now_);
    learn(update(book_, status_, News::PassEnded, now_, settings_));
  }

  void learn(Update update) {
    book_ = std::move(update.book);
    const auto read = book_from_json(to_json(book_));
    ASSERT_TRUE(read.has_value()) << story_ << describe(read.error());
    EXPECT_EQ(*read, book_) << story_;
    for (Delivery& delivery : update.deliveries) outbox_.put(std::move(delivery));
  }

  void deliver() {
    for (int i = 0; i < 50; ++i) {
      const auto due = outbox_.take(now_);
      if (due.empty()) return;
      for (const Delivery& delivery : due) {
        Receipt receipt;
        if (!up_ && delivery.receiver == "chat")
          receipt.error =
              Error{.kind = ErrorKind::Transient, .where = "", .what = "", .why = "", .next = ""};
        if (!receipt.error) listeners_[delivery.receiver].hear(delivery, now_, story_);
        if (outbox_.settle(delivery, receipt, now_, 0.5) != Outbox::End::Later)
          book_ = delivered(std::move(book_), delivery, now_);
      }
    }
  }

  /// What was on its way is lost with the process; another one goes on with what was written down.
  void die() {
    outbox_ = Outbox();
    auto read = book_from_json(to_json(book_));
    ASSERT_TRUE(read.has_value());
    book_ = std::move(*read);
  }

  std::mt19937_64 random_;
  std::string story_;
  Settings settings_;
  TargetStatus status_;
  Book book_;
  Outbox outbox_;
  WallTime now_ = noon;
  bool up_ = true;
  char newest_ = 'a';
  char live_ = 'a';
  std::map<std::string, Listener> listeners_;
};

TEST(AlertsAtRandom, EverybodyHearsEachThingOnceAndItsEnd) {
  const std::uint64_t seed = testing::random_seed();
  for (std::uint64_t i = 0; i < 200; ++i) {
    World world(seed + i);
    world.live(120);
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(AlertBookJson, RefusesWhatIsNoBook) {
  const std::string good = to_json(Book());
  EXPECT_TRUE(book_from_json(good).has_value());
  const std::string bad[] = {
      "",
      "{",
      "[]",
      "{}",
      R"({"version":2,"live":"","unknown_since":null,"entries":{},"commits":{}})",
      R"({"version":1,"live":7,"unknown_since":null,"entries":{},"commits":{}})",
      R"({"version":1,"live":"","unknown_since":-1,"entries":{},"commits":{}})",
      R"({"version":1,"live":"","unknown_since":9e18,"entries":{},"commits":{}})",
      R"({"version":1,"live":"","unknown_since":null,"entries":{"a":1},"commits":{}})"};
  for (const std::string& text : bad) {
    const auto read = book_from_json(text);
    ASSERT_TRUE(read.has_error()) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::Terminal);
  }
}

}  // namespace
}  // namespace reconcile::alerts
