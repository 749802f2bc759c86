#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Whether a key of a target says when it gets which revision, and after whom.
bool is_of_order(const std::string& key);

/// `windows`, `depends_on`, `follows`, `soak`, `branch` and `tag` of a target.
Result<void> read_order(const YamlSection& section, const YAML::Node& key, const YAML::Node& node,
                        Target& target);

/// What can only be judged once all of `root` is read: whether those who come first are there, and
/// nobody waits for itself.
Result<void> check_order(const YamlSection& section, const YAML::Node& root, const Config& config);

/// Gives each target the branch or the tags that it is about: its own, those of the target it
/// follows, those of the configuration.
void settle_selections(Config& config);

}  // namespace reconcile::config
