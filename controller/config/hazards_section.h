#pragma once

#include "controller/config/yaml_section.h"
#include "reconcilers/core/hazard.h"

namespace reconcile::config {

/// Reads what `hazards:` of a target holds: a code or a category, and its level.
Result<HazardLevels> read_hazards(const YamlSection& section, const YAML::Node& node);

}  // namespace reconcile::config
