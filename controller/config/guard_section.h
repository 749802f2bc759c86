#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Reads what bounds the losses of a target: `deletion_budget:` and `quarantine:`.
Result<void> read_guard(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                        Target& target);

}  // namespace reconcile::config
