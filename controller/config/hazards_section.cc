#include "controller/config/hazards_section.h"

#include <fmt/format.h>

#include "controller/config/failure.h"

namespace reconcile::config {

Result<HazardLevels> read_hazards(const YamlSection& section, const YAML::Node& node) {
  if (!node.IsMap())
    return wrong(section.at(node), "\"hazards\" has to be a mapping from codes to levels",
                 "see README.md, Hazards");
  HazardLevels levels;
  for (const auto& item : node) {
    const std::string name = item.first.Scalar();
    if (hazard_rule(name) == nullptr && !hazard_category(name))
      return wrong(section.at(item.first), fmt::format("there is no hazard \"{}\"", name),
                   "name a code that `reconcile plan` shows, or data-loss, rewrite, scan, "
                   "index-build, parent-lock, lock, opaque, breaking or missing");
    auto word = section.word(item.first, item.second);
    if (!word) return word.error();
    const auto level = hazard_level(*word);
    if (!level)
      return wrong(section.at(item.second), fmt::format("unknown level \"{}\"", *word),
                   "write allow, warn or hold");
    if (!levels.emplace(name, *level).second) return section.twice(item.first);
  }
  return levels;
}

}  // namespace reconcile::config
