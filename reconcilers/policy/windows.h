#pragma once

#include <bitset>
#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/core/result.h"

namespace reconcile::policy {

/// A moment as a clock on the wall of some time zone shows it.
struct LocalTime {
  int minute = 0;   ///< 0 to 59
  int hour = 0;     ///< 0 to 23
  int day = 1;      ///< of the month, from 1
  int month = 1;    ///< from 1
  int weekday = 0;  ///< from Sunday, 0
};

/// The five fields of cron(5): minute, hour, day of month, month, day of week.
class Cron {
 public:
  /// "0 22 * * 1-5", with lists, ranges, steps, and names of months and days; or an error that says
  /// which field is wrong. As with cron, where both days are given either of them will do.
  static Result<Cron> parse(std::string_view text);
  bool matches(const LocalTime& time) const;

 private:
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false;
  bool any_weekday_ = false;
};

/// A span of time that begins whenever a cron expression matches.
struct Window {
  std::string text;  ///< as it was configured: "0 22 * * 1-5 for 6h"
  Cron begins;
  std::chrono::minutes length{0};
  bool deny = false;
};

/// What a clock in the windows' time zone shows so many minutes before now.
using LocalClock = std::function<LocalTime(std::chrono::minutes before)>;

/// Nothing where a pass may begin now; otherwise why not. Inside a window that denies, never; where
/// there are windows that allow, only inside one.
std::optional<Hold> closed_window(std::span<const Window> windows, const LocalClock& clock,
                                  const std::string& target);

}  // namespace reconcile::policy
