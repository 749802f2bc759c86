#pragma once

#include <vector>

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Reads `notify:`, a mapping from names to receivers. No error shows an address, which may be a
/// secret.
Result<std::vector<Receiver>> read_notify(const YamlSection& section, const YAML::Node& key,
                                          const YAML::Node& node);

}  // namespace reconcile::config
