#include "controller/config/drift_section.h"

#include <fmt/format.h>

#include <set>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

Result<std::string> policy(const YamlSection& section, const YAML::Node& key,
                           const YAML::Node& node) {
  auto text = section.word(key, node);
  if (!text || *text == "alert" || *text == "hold" || *text == "heal") return text;
  return wrong(section.at(node), fmt::format("unknown drift policy \"{}\"", *text),
               "write alert, hold or heal");
}

}  // namespace

Result<Target> read_drift(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                          Target target) {
  if (!node.IsMap()) {
    auto chosen = policy(section, key, node);
    if (!chosen) return chosen.error();
    target.drift = *chosen;
    return target;
  }
  std::set<std::string> seen;
  for (const auto& item : node) {
    const std::string name = item.first.Scalar();
    if (!seen.insert(name).second) return section.twice(item.first);
    if (name == "policy") {
      auto chosen = policy(section, item.first, item.second);
      if (!chosen) return chosen.error();
      target.drift = *chosen;
    } else if (name == "ignore") {
      auto list = section.words(item.first, item.second);
      if (!list) return list.error();
      target.ignored_drift = std::move(*list);
    } else if (name == "watch") {
      auto watch = section.flag(item.first, item.second);
      if (!watch) return watch.error();
      target.watch = *watch;
    } else {
      return section.unknown(item.first, "policy, ignore, watch");
    }
  }
  return target;
}

}  // namespace reconcile::config
