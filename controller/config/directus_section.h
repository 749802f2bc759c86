#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Reads what `directus:` of a target holds.
Result<Directus> read_directus(const YamlSection& section, const YAML::Node& key,
                               const YAML::Node& node);

/// Puts RECONCILE_DIRECTUS_URL, RECONCILE_DIRECTUS_TOKEN and RECONCILE_DIRECTUS_TOKEN_FILE over it.
/// True when one of them is set.
Result<bool> overlay_directus(Directus& directus, const Environment& environment);

/// What can only be judged once file and environment are merged: whether each target and fleet with
/// instances has a token for them.
Result<void> check_directus(const Config& config);

}  // namespace reconcile::config
