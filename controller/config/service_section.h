#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Whether a key at the top of the configuration is about the long-running controller.
bool is_of_service(const std::string& key);

Result<void> read_service(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                          Service& service);

}  // namespace reconcile::config
