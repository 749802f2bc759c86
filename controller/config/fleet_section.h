#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Those that are about the fleet, for complaints.
inline constexpr std::string_view fleet_keys =
    "server, server_file, databases, exclude, prefix, canaries, waves, failure_budget";

/// Whether a key of a fleet is about the fleet, and not about each of its targets.
bool is_of_fleet(const std::string& key);

/// Those keys; the pattern of its targets is left to the caller.
Result<Fleet> read_fleet(const YamlSection& section, const YAML::Node& key, const YAML::Node& node);

}  // namespace reconcile::config
