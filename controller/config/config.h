#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::config {

/// One database to keep at what git says.
struct Target {
  std::string name;
  std::string database;     ///< libpq connection string; empty means libpq's own environment
  std::string environment;  ///< label that SQL files can name, e.g. prod
  std::string mode;         ///< auto, dry-run or skip
  std::chrono::milliseconds lock_timeout{5000};
};

/// Everything the program is told from outside, after file and environment are merged.
struct Config {
  std::string repository;  ///< path or URL; empty means the repository around the current folder
  std::string branch;      ///< empty means the repository's own
  std::string state;       ///< folder for mirrors and the embedded server
  std::vector<Target> targets;
};

/// A look into the environment; empty where the variable is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads `file` (YAML; may be empty: then `reconcile.yaml` in the current folder if it is there)
/// and puts the environment over it: RECONCILE_REPO, RECONCILE_BRANCH, RECONCILE_STATE, and for a
/// single target RECONCILE_DATABASE, RECONCILE_DATABASE_FILE, RECONCILE_TARGET,
/// RECONCILE_ENVIRONMENT, RECONCILE_MODE. Errors are of kind Usage and name the line.
Result<Config> load(const std::string& file, const Environment& environment);

}  // namespace reconcile::config
