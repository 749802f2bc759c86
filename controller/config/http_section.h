#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// How the long-running controller is reached.
Result<Http> read_http(const YamlSection& section, const YAML::Node& key, const YAML::Node& node);

}  // namespace reconcile::config
