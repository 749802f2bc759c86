#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Reads `drift: alert|hold|heal`, or a mapping of `policy`, `ignore` and `watch`, into the target.
Result<Target> read_drift(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                          Target target);

}  // namespace reconcile::config
