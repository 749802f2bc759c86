#include "controller/config/fleet_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

Result<std::size_t> whole_number(const std::string& where, std::string_view text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end) return number;
  return wrong(where, fmt::format("\"{}\" is not a number", text), "write a whole number");
}

/// "5" or "10%".
Result<policy::WaveSize> wave_of(const std::string& where, const std::string& text) {
  const bool percent = text.ends_with('%');
  auto number =
      whole_number(where, std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
  if (!number) return number.error();
  if (*number == 0 || (percent && *number > 100))
    return wrong(where, fmt::format("\"{}\" is no size of a wave", text),
                 "write how many targets may have a revision then, as 5 or 10%");
  return percent ? policy::WaveSize{.percent = *number} : policy::WaveSize{.count = *number};
}

class FleetReader {
 public:
  FleetReader(const YamlSection& section, Fleet& fleet) : section_(section), fleet_(fleet) {}

  Result<void> read(const YAML::Node& key, const YAML::Node& node) {
    const std::string name = key.Scalar();
    if (name == "exclude" || name == "canaries" || name == "waves") return list(key, node);
    auto text = section_.word(key, node);
    if (!text) return text.error();
    if (name == "failure_budget") {
      auto number = whole_number(section_.at(node), *text);
      if (!number) return number.error();
      fleet_.rollout.failure_budget = *number;
    } else if (name == "server_file") {
      auto content = read_file(*text, "the file with the connection string");
      if (!content) return content.error();
      fleet_.server = trimmed(*content);
    } else {
      (name == "server"      ? fleet_.server
       : name == "databases" ? fleet_.like
                             : fleet_.prefix) = *text;
    }
    return {};
  }

 private:
  Result<void> list(const YAML::Node& key, const YAML::Node& node) {
    if (!node.IsSequence())
      return wrong(section_.at(key), fmt::format("\"{}\" has to be a list", key.Scalar()),
                   "write it as [one, another]");
    for (const YAML::Node& item : node) {
      auto text = section_.word(key, item);
      if (!text) return text.error();
      if (key.Scalar() == "exclude") {
        fleet_.exclude.push_back(*text);
      } else if (key.Scalar() == "canaries") {
        fleet_.rollout.canaries.push_back(*text);
      } else {
        auto wave = wave_of(section_.at(item), *text);
        if (!wave) return wave.error();
        fleet_.rollout.waves.push_back(*wave);
      }
    }
    return {};
  }

  const YamlSection& section_;
  Fleet& fleet_;
};

}  // namespace

bool is_of_fleet(const std::string& key) {
  constexpr std::array<std::string_view, 8> keys{"server",  "server_file",   "databases",
                                                 "exclude", "prefix",        "canaries",
                                                 "waves",   "failure_budget"};
  return std::ranges::find(keys, key) != keys.end();
}

Result<Fleet> read_fleet(const YamlSection& section, const YAML::Node& key,
                         const YAML::Node& node) {
  Fleet fleet;
  fleet.name = key.Scalar();
  FleetReader reader(section, fleet);
  for (const auto& item : node) {
    if (!is_of_fleet(item.first.Scalar())) continue;
    if (auto read = reader.read(item.first, item.second); !read) return read.error();
  }
  if (auto one = section.exclude_each_other(node, "server", "server_file"); !one)
    return one.error();
  if (fleet.server.empty() || fleet.like.empty())
    return wrong(section.at(key), fmt::format("fleet {} does not say which databases", fleet.name),
                 "give it a server (a connection string) and databases (as tenant_%)");
  for (std::string& canary : fleet.rollout.canaries) canary.insert(0, fleet.prefix);
  return fleet;
}

}  // namespace reconcile::config
