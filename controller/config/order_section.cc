#include "controller/config/order_section.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

using Wall = std::chrono::system_clock::time_point;

template <class Time>
policy::LocalTime fields_of(Time time) {
  const auto day = date::floor<date::days>(time);
  const date::year_month_day date(day);
  const date::hh_mm_ss clock(date::floor<std::chrono::minutes>(time - day));
  return {.minute = static_cast<int>(clock.minutes().count()),
          .hour = static_cast<int>(clock.hours().count()),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .weekday = static_cast<int>(date::weekday(day).c_encoding())};
}

Result<void> read_zone(const std::string& where, const std::string& name, Target& target) {
  try {
    const date::time_zone* zone = date::locate_zone(name);
    target.local_time = [zone](Wall time) { return fields_of(zone->to_local(time)); };
    return {};
  } catch (const std::exception&) {
    return wrong(
        where, fmt::format("there is no time zone \"{}\"", name),
        "write one of the names of the tz database, as Europe/Berlin, or UTC; it comes with "
        "the package tzdata");
  }
}

/// "0 22 * * 1-5 for 6h".
Result<policy::Window> window_of(const std::string& where, const std::string& text, bool deny) {
  constexpr std::string_view between = " for ";
  const std::size_t at = text.rfind(between);
  if (at == std::string::npos)
    return wrong(where, fmt::format("\"{}\" does not say how long it lasts", text),
                 "write it as \"0 22 * * 1-5 for 6h\"");
  auto begins = policy::Cron::parse(text.substr(0, at));
  if (!begins) return wrong(where, begins.error().what, begins.error().next);
  auto length = any_duration(where, text.substr(at + between.size()));
  if (!length) return length.error();
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*length);
  if (minutes < std::chrono::minutes(1))
    return wrong(where, "a window is a minute long at least", "write 1m or more");
  return policy::Window{text, *begins, minutes, deny};
}

Result<void> read_windows(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                          Target& target) {
  constexpr const char* known = "time_zone, allow, deny";
  if (!node.IsMap())
    return wrong(section.at(key), "\"windows\" has to be a mapping",
                 fmt::format("the keys here are {}", known));
  std::set<std::string> seen;
  for (const auto& item : node) {
    const std::string name = item.first.Scalar();
    if (!seen.insert(name).second) return section.twice(item.first);
    if (name == "time_zone") {
      auto zone = section.word(item.first, item.second);
      if (!zone) return zone.error();
      if (auto read = read_zone(section.at(item.second), *zone, target); !read) return read;
    } else if (name == "allow" || name == "deny") {
      auto list = section.words(item.first, item.second);
      if (!list) return list.error();
      for (const std::string& text : *list) {
        auto window = window_of(section.at(item.second), text, name == "deny");
        if (!window) return window.error();
        target.windows.push_back(std::move(*window));
      }
    } else {
      return section.unknown(item.first, known);
    }
  }
  return {};
}

Result<void> read_selection(const YamlSection& section, const YAML::Node& key,
                            const YAML::Node& node, Target& target) {
  auto text = section.word(key, node);
  if (!text) return text.error();
  const std::string& name = key.Scalar();
  if (name != "soak") {
    (name == "branch" ? target.branch : name == "tag" ? target.tag : target.follows.name) = *text;
    return {};
  }
  auto time = any_duration(section.at(node), *text);
  if (!time) return time.error();
  target.follows.soak = *time;
  return {};
}

}  // namespace

policy::LocalTime utc_time(Wall time) { return fields_of(time); }

bool is_of_order(const std::string& key) {
  constexpr std::array<std::string_view, 6> keys{"windows", "depends_on", "follows",
                                                 "soak",    "branch",     "tag"};
  return std::ranges::find(keys, key) != keys.end();
}

Result<void> read_order(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                        Target& target) {
  if (key.Scalar() == "windows") return read_windows(section, key, node, target);
  if (key.Scalar() != "depends_on") return read_selection(section, key, node, target);
  auto names = section.words(key, node);
  if (!names) return names.error();
  target.depends_on = std::move(*names);
  return {};
}

}  // namespace reconcile::config
