#pragma once

#include "controller/config/config.h"
#include "controller/config/yaml_section.h"

namespace reconcile::config {

/// Reads how a remote repository is reached: `git:`.
Result<Git> read_git(const YamlSection& section, const YAML::Node& key, const YAML::Node& node);

/// Puts the environment over it: RECONCILE_GIT_TOKEN, RECONCILE_GIT_TOKEN_FILE,
/// RECONCILE_GIT_CA_FILE, RECONCILE_GIT_SSH_KEY, RECONCILE_GIT_KNOWN_HOSTS,
/// RECONCILE_GIT_ALLOWED_SIGNERS, RECONCILE_GIT_KEYRING; and beneath it, where
/// the file names no proxy, https_proxy, http_proxy and no_proxy, as other programs have them.
Result<void> overlay_git(Git& git, const Environment& environment);

}  // namespace reconcile::config
