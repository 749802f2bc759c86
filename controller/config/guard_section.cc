#include "controller/config/guard_section.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

using Limit = std::optional<std::uint64_t>;

Result<Limit> limit(const std::string& where, const std::string& text) {
  if (text == "unlimited") return Limit();
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end) return Limit(number);
  return wrong(where, fmt::format("\"{}\" is not a number", text),
               "write a whole number, or unlimited");
}

}  // namespace

Result<void> read_guard(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                        Target& target) {
  const bool budget = key.Scalar() == "deletion_budget";
  const char* known = budget ? "objects, rows" : "retention";
  if (!node.IsMap())
    return wrong(section.at(key), fmt::format("\"{}\" has to be a mapping", key.Scalar()),
                 fmt::format("the keys here are {}", known));
  std::set<std::string> seen;
  for (const auto& item : node) {
    const std::string name = item.first.Scalar();
    if (!seen.insert(name).second) return section.twice(item.first);
    if (auto checked = section.check_key(item.first, known); !checked) return checked;
    auto text = section.word(item.first, item.second);
    if (!text) return text.error();
    if (budget) {
      auto most = limit(section.at(item.second), *text);
      if (!most) return most.error();
      (name == "objects" ? target.deletion_budget.objects : target.deletion_budget.rows) = *most;
    } else {
      auto time = long_duration(section.at(item.second), *text);
      if (!time) return time.error();
      target.retention = *time;
    }
  }
  return {};
}

}  // namespace reconcile::config
