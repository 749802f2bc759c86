#include "controller/dashboard/times.h"

#include <array>
#include <charconv>

namespace reconcile::dashboard {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

struct Civil {
  std::chrono::year_month_day day;
  long hour, minute, second;
};

Civil civil(WallTime time) {
  const auto day = floor<days>(time);
  const long rest = floor<seconds>(time - day).count();
  return {std::chrono::year_month_day(day), rest / 3600, rest / 60 % 60, rest % 60};
}

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
  int value = 0;
  if (at + size > text.size()) return std::nullopt;
  const char* end = text.data() + at + size;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// The largest unit that leaves at least one of it.
std::string span(std::int64_t count) {
  if (count < 60) return fmt::format("{} s", count);
  if (count < 3600) return fmt::format("{} min", count / 60);
  if (count < 48 * 3600) return fmt::format("{} h", count / 3600);
  return fmt::format("{} d", count / 86400);
}

constexpr std::int64_t month = 31 * 86400;

}  // namespace

std::optional<WallTime> parse_iso(std::string_view text) {
  const auto year = number(text, 0, 4);
  const auto month_of_year = number(text, 5, 2);
  const auto day = number(text, 8, 2);
  const auto hour = number(text, 11, 2);
  const auto minute = number(text, 14, 2);
  if (!year || !month_of_year || !day || !hour || !minute) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month_of_year)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         seconds(number(text, 17, 2).value_or(0));
}

std::string exact(WallTime time) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil at = civil(time);
  return fmt::format("{} {} {} {:02}:{:02}:{:02} UTC", static_cast<unsigned>(at.day.day()),
                     months.at(static_cast<unsigned>(at.day.month()) - 1),
                     static_cast<int>(at.day.year()), at.hour, at.minute, at.second);
}

std::string length(std::chrono::milliseconds duration) {
  const std::int64_t count = duration.count();
  if (count < 1000) return fmt::format("{} ms", count);
  if (count < 60000) return fmt::format("{}.{} s", count / 1000, count / 100 % 10);
  return span(count / 1000);
}

Html relative(WallTime time, WallTime now) {
  if (time == WallTime{}) return markup("never");
  const std::int64_t age = floor<seconds>(now - time).count();
  const std::string words = age >= month || age <= -month ? exact(time)
                            : age < 0                     ? "in " + span(-age)
                                                          : span(age) + " ago";
  return markup("<time datetime=\"{}\" title=\"{}\">{}</time>", iso_time(time), exact(time), words);
}

Html relative(std::string_view time, WallTime now) {
  const std::optional<WallTime> known = parse_iso(time);
  return known ? relative(*known, now) : markup("{}", time);
}

Html relative_seconds(std::int64_t epoch, WallTime now) {
  return relative(WallTime(seconds(epoch)), now);
}

}  // namespace reconcile::dashboard
