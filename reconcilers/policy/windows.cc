#include "reconcilers/policy/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace reconcile::policy {
namespace {

/// One of the five fields.
struct Field {
  std::string_view name;
  int least;
  int most;
  std::span<const std::string_view> words;  ///< for the numbers from `least` on
};

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
const std::array<Field, 5> fields{{{"minute", 0, 59, {}},
                                   {"hour", 0, 23, {}},
                                   {"day of month", 1, 31, {}},
                                   {"month", 1, 12, months},
                                   {"day of week", 0, 7, weekdays}}};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> value_of(std::string_view text, const Field& field) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  const auto word = std::ranges::find(field.words, lower);
  const auto value =
      word == field.words.end()
          ? number(text)
          : std::optional<int>(field.least + static_cast<int>(word - field.words.begin()));
  if (!value || *value < field.least || *value > field.most) return std::nullopt;
  return value;
}

struct Range {
  int from, to, step;
};

std::optional<Range> range_of(std::string_view text, const Field& field) {
  const std::size_t slash = text.find('/');
  Range range{field.least, field.most, 1};
  if (slash != std::string_view::npos) {
    const auto step = number(text.substr(slash + 1));
    if (!step || *step < 1 || *step > field.most) return std::nullopt;
    range.step = *step;
  }
  const std::string_view span = text.substr(0, slash);
  if (span == "*") return range;
  const std::size_t dash = span.find('-');
  const auto from = value_of(span.substr(0, dash), field);
  if (!from) return std::nullopt;
  range.from = *from;
  // "5/10" goes on to the end, as in cron; "5" alone is itself.
  range.to = slash == std::string_view::npos ? *from : field.most;
  if (dash != std::string_view::npos) {
    const auto to = value_of(span.substr(dash + 1), field);
    if (!to || *to < *from) return std::nullopt;
    range.to = *to;
  }
  return range;
}

/// The values of one field, or nothing where it is wrong.
std::optional<std::vector<int>> values_of(std::string_view text, const Field& field) {
  std::vector<int> values;
  for (const std::string_view part : split(text, ',')) {
    const auto range = range_of(part, field);
    if (!range) return std::nullopt;
    for (int value = range->from; value <= range->to; value += range->step) values.push_back(value);
  }
  return values;
}

template <std::size_t Size>
void fill(std::bitset<Size>& bits, const std::vector<int>& values) {
  for (const int value : values) bits.set(static_cast<std::size_t>(value) % Size);
}

std::size_t index(int value) { return static_cast<std::size_t>(value); }

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> words = split(text, ' ');
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  const auto wrong = [&](std::string what) {
    return Error{.kind = ErrorKind::Usage,
                 .where = std::string(text),
                 .what = std::move(what),
                 .why = "",
                 .next = "write minute, hour, day of month, month and day of week: 0 22 * * 1-5"};
  };
  if (words.size() != fields.size())
    return wrong(fmt::format("a cron expression has 5 fields, and this one {}", words.size()));
  std::array<std::vector<int>, 5> values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto found = values_of(words[i], fields[i]);
    if (!found) return wrong(fmt::format("\"{}\" is no {}", words[i], fields[i].name));
    values[i] = std::move(*found);
  }
  Cron cron;
  fill(cron.minutes_, values[0]);
  fill(cron.hours_, values[1]);
  fill(cron.days_, values[2]);
  fill(cron.months_, values[3]);
  fill(cron.weekdays_, values[4]);  // 7 is Sunday, too
  cron.any_day_ = words[2].starts_with('*');
  cron.any_weekday_ = words[4].starts_with('*');
  return cron;
}

bool Cron::matches(const LocalTime& time) const {
  if (!minutes_[index(time.minute)] || !hours_[index(time.hour)] || !months_[index(time.month)])
    return false;
  const bool day = days_[index(time.day)];
  const bool weekday = weekdays_[index(time.weekday)];
  return any_day_ || any_weekday_ ? day && weekday : day || weekday;
}

namespace {

constexpr int minutes_a_day = 24 * 60;

/// More than clocks were ever put back at once, in minutes.
constexpr int most_repeated = 3 * 60;

int minute_of_day(const LocalTime& time) { return time.hour * 60 + time.minute; }

/// Whether the window begins at a minute that the clock leaves out between two that follow each
/// other: what was to begin then begins now.
bool begins_between(const Cron& begins, const LocalTime& earlier, const LocalTime& later) {
  const int until = minute_of_day(later);
  const int gap = (until - minute_of_day(earlier) + minutes_a_day) % minutes_a_day;
  if (gap > minutes_a_day / 2) return false;  // it was put back
  for (int i = 1; i < gap; ++i) {
    LocalTime skipped = until >= i ? later : earlier;
    skipped.hour = (until - i + minutes_a_day) % minutes_a_day / 60;
    skipped.minute = (until - i + minutes_a_day) % 60;
    if (begins.matches(skipped)) return true;
  }
  return false;
}

/// Whether the clock has shown that minute before: it was put back since.
bool is_repeated(const LocalClock& clock, std::chrono::minutes before) {
  const LocalTime time = clock(before);
  for (int i = 1; i <= most_repeated; ++i) {
    const LocalTime earlier = clock(before + std::chrono::minutes(i));
    if (minute_of_day(earlier) == minute_of_day(time) && earlier.day == time.day) return true;
  }
  return false;
}

/// An hour that comes twice belongs to a window that allows as often as any other: once. One that
/// denies begins each time, so that none of them leaves a gap.
bool is_open(const Window& window, const LocalClock& clock) {
  LocalTime later = clock(std::chrono::minutes(0));
  for (std::chrono::minutes before{0}; before < window.length; ++before) {
    const LocalTime earlier = clock(before + std::chrono::minutes(1));
    if (begins_between(window.begins, earlier, later)) return true;
    if (window.begins.matches(later) && (window.deny || !is_repeated(clock, before))) return true;
    later = earlier;
  }
  return false;
}

}  // namespace

std::optional<Hold> closed_window(std::span<const Window> windows, const LocalClock& clock,
                                  const std::string& target) {
  const auto hold = [&](std::string message) {
    return Hold{ReasonCode::OutsideWindow,
                {"target", target},
                std::move(message),
                "nobody has to do anything: it is applied when the window opens"};
  };
  bool allows = false;
  bool inside = false;
  std::string allowed;
  for (const Window& window : windows) {
    const bool open = is_open(window, clock);
    if (window.deny && open)
      return hold(fmt::format("nothing is applied in the window \"{}\"", window.text));
    if (window.deny) continue;
    allows = true;
    inside = inside || open;
    allowed += fmt::format("{}\"{}\"", allowed.empty() ? "" : ", ", window.text);
  }
  if (!allows || inside) return std::nullopt;
  return hold(fmt::format("changes are applied only in the window {}", allowed));
}

}  // namespace reconcile::policy
