#include <date/tz.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/policy/windows.h"

namespace reconcile::policy {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// 2026-01-05 was a Monday.
LocalTime on(int day, int hour, int minute) {
  return {.minute = minute, .hour = hour, .day = day, .month = 1, .weekday = (day - 4) % 7};
}

struct CronCase {
  std::string name;
  std::string text;
  LocalTime time;
  bool matches;
};

class CronMatches : public testing::TestWithParam<CronCase> {};

TEST_P(CronMatches, Times) {
  const auto cron = Cron::parse(GetParam().text);
  ASSERT_TRUE(cron) << describe(cron.error());
  EXPECT_EQ(cron->matches(GetParam().time), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CronMatches,
    testing::Values(CronCase{"Always", "* * * * *", on(5, 3, 17), true},
                    CronCase{"Minute", "17 3 * * *", on(5, 3, 17), true},
                    CronCase{"OtherMinute", "17 3 * * *", on(5, 3, 18), false},
                    CronCase{"Weekdays", "0 22 * * 1-5", on(9, 22, 0), true},
                    CronCase{"NotAtTheWeekend", "0 22 * * 1-5", on(10, 22, 0), false},
                    CronCase{"Names", "0 22 * JAN mon-fri", on(5, 22, 0), true},
                    CronCase{"SundayIsSevenToo", "0 0 * * 7", on(11, 0, 0), true},
                    CronCase{"Steps", "*/15 * * * *", on(5, 1, 45), true},
                    CronCase{"BesideAStep", "*/15 * * * *", on(5, 1, 46), false},
                    CronCase{"StepsFromAStart", "5/20 * * * *", on(5, 1, 25), true},
                    CronCase{"Lists", "0 8,12,18 * * *", on(5, 12, 0), true},
                    CronCase{"EitherDay", "0 0 13 * 5", on(9, 0, 0), true},
                    CronCase{"TheOtherDay", "0 0 13 * 5", on(13, 0, 0), true},
                    CronCase{"NeitherDay", "0 0 13 * 5", on(14, 0, 0), false}),
    [](const auto& test) { return test.param.name; });

TEST(Cron, SaysWhichFieldIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "has 5 fields, and this one 0"},         {"* * * *", "has 5 fields, and this one 4"},
      {"60 * * * *", "\"60\" is no minute"},        {"* 24 * * *", "\"24\" is no hour"},
      {"* * 0 * *", "\"0\" is no day of month"},    {"* * * foo *", "\"foo\" is no month"},
      {"* * * * 1-0", "\"1-0\" is no day of week"}, {"*/0 * * * *", "\"*/0\" is no minute"},
      {"1, * * * *", "\"1,\" is no minute"},        {"-1 * * * *", "\"-1\" is no minute"}};
  for (const auto& [text, what] : wrong) {
    const auto cron = Cron::parse(text);
    ASSERT_FALSE(cron) << text;
    EXPECT_THAT(cron.error().what, HasSubstr(what));
  }
}

Window window(const std::string& text, std::chrono::minutes length, bool deny) {
  return {text, *Cron::parse(text), length, deny};
}

/// A clock that shows `now`, and earlier the same day.
LocalClock clock_at(int day, int hour, int minute) {
  return [=](std::chrono::minutes before) {
    const int total = day * 1440 + hour * 60 + minute - static_cast<int>(before.count());
    return on(total / 1440, total / 60 % 24, total % 60);
  };
}

TEST(Windows, AreOpenFromTheirBeginningUntilTheirEnd) {
  const std::vector nights{window("0 22 * * 1-5", 6h, false)};
  EXPECT_FALSE(closed_window(nights, clock_at(5, 22, 0), "prod"));
  EXPECT_FALSE(closed_window(nights, clock_at(6, 3, 59), "prod")) << "beyond midnight";
  const auto closed = closed_window(nights, clock_at(6, 4, 0), "prod");
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->code, ReasonCode::OutsideWindow);
  EXPECT_EQ(closed->message, "changes are applied only in the window \"0 22 * * 1-5\"");
}

TEST(Windows, ThatDenyWinOverThoseThatAllow) {
  const std::vector both{window("0 0 * * *", 24h, false), window("0 9 5 1 *", 2h, true)};
  EXPECT_TRUE(closed_window(both, clock_at(5, 10, 0), "prod"));
  EXPECT_FALSE(closed_window(both, clock_at(5, 11, 0), "prod"));
}

TEST(Windows, AreNoneWhereNoneIsConfigured) {
  EXPECT_FALSE(closed_window({}, clock_at(5, 10, 0), "prod"));
  const std::vector frozen{window("0 9 5 1 *", 2h, true)};
  EXPECT_FALSE(closed_window(frozen, clock_at(6, 10, 0), "prod")) << "only one that denies";
}

/// What the clocks of a zone show; `now` in UTC.
LocalClock clock_in(const std::string& zone, date::sys_time<std::chrono::minutes> now) {
  return [place = date::locate_zone(zone), now](std::chrono::minutes before) {
    const auto time = place->to_local(now - before);
    const auto midnight = date::floor<date::days>(time);
    const date::year_month_day date(midnight);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - midnight).count();
    return LocalTime{.minute = static_cast<int>(minutes % 60),
                     .hour = static_cast<int>(minutes / 60),
                     .day = static_cast<int>(static_cast<unsigned>(date.day())),
                     .month = static_cast<int>(static_cast<unsigned>(date.month())),
                     .weekday = static_cast<int>(date::weekday(midnight).c_encoding())};
  };
}

struct Change {
  std::string name;
  std::string zone;
  date::sys_time<std::chrono::minutes> at;  ///< when its clocks are changed
  std::string begins;                       ///< of a window that begins in the hour it is about
};

constexpr auto midnight(int month, int day) {
  return date::sys_days{date::year(2026) / month / day};
}

/// The clock goes from before the window's beginning to after it.
class ClocksPutForward : public testing::TestWithParam<Change> {};

TEST_P(ClocksPutForward, LeaveNoWindowOut) {
  const auto& [name, zone, at, begins] = GetParam();
  const std::vector denies{window(begins, 20h, true)};
  EXPECT_FALSE(closed_window(denies, clock_in(zone, at - 1min), "prod"));
  EXPECT_TRUE(closed_window(denies, clock_in(zone, at), "prod"));
  EXPECT_TRUE(closed_window(denies, clock_in(zone, at + 20h - 1min), "prod"));
  EXPECT_FALSE(closed_window(denies, clock_in(zone, at + 20h), "prod"));
  EXPECT_TRUE(closed_window(denies, clock_in(zone, at + date::days(7) + 12h), "prod"))
      << "as in any other week";
  const std::vector allows{window(begins, 1h, false)};
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at - 1min), "prod"));
  EXPECT_FALSE(closed_window(allows, clock_in(zone, at), "prod"));
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at + 1h), "prod"));
}

INSTANTIATE_TEST_SUITE_P(
    Zones, ClocksPutForward,
    testing::Values(
        Change{"Berlin", "Europe/Berlin", midnight(3, 29) + 1h, "0 2 * * 0"},
        Change{"BerlinInTheMiddle", "Europe/Berlin", midnight(3, 29) + 1h, "30 2 * * 0"},
        Change{"Sydney", "Australia/Sydney", midnight(10, 3) + 16h, "0 2 * * 0"},
        Change{"SantiagoAtMidnight", "America/Santiago", midnight(9, 6) + 4h, "0 0 * * 0"}),
    [](const auto& test) { return test.param.name; });

/// The hour before that comes once more.
class ClocksPutBack : public testing::TestWithParam<Change> {};

TEST_P(ClocksPutBack, OpenNoWindowTwice) {
  const auto& [name, zone, at, begins] = GetParam();
  const std::vector allows{window(begins, 30min, false)};
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at - 61min), "prod"));
  EXPECT_FALSE(closed_window(allows, clock_in(zone, at - 60min), "prod"));
  EXPECT_FALSE(closed_window(allows, clock_in(zone, at - 31min), "prod"));
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at - 30min), "prod"));
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at), "prod")) << "the same hour again";
  EXPECT_TRUE(closed_window(allows, clock_in(zone, at + 29min), "prod"));
  EXPECT_FALSE(closed_window(allows, clock_in(zone, at + date::days(7)), "prod"))
      << "as in any other week";
}

TEST_P(ClocksPutBack, LeaveNoGapBetweenWindowsThatDeny) {
  const auto& [name, zone, at, begins] = GetParam();
  const std::vector denies{window("0 * * * *", 1h, true)};
  for (auto now = at - 2h; now < at + 2h; now += 1min)
    EXPECT_TRUE(closed_window(denies, clock_in(zone, now), "prod"));
}

INSTANTIATE_TEST_SUITE_P(
    Zones, ClocksPutBack,
    testing::Values(Change{"Berlin", "Europe/Berlin", midnight(10, 25) + 1h, "0 2 * * 0"},
                    Change{"Sydney", "Australia/Sydney", midnight(4, 4) + 16h, "0 2 * * 0"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace reconcile::policy
