#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/deletion_budget.h"
#include "reconcilers/core/hazard.h"
#include "reconcilers/core/result.h"

namespace reconcile::config {

/// `http://host:port/path` or https, taken apart.
struct HttpAddress {
  std::string text;  ///< as people know it: without a slash at the end
  bool tls = false;
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  ///< empty, or begins with a slash and ends without one
};

/// The Directus servers that work on a target's database, and how Directus gets into it.
struct Directus {
  std::vector<HttpAddress> instances;
  std::string token;                    ///< of an admin; where there are instances, never empty
  std::string certificate_authorities;  ///< PEM, besides those of the system; may be empty
  std::string version;                  ///< that snapshots are written for; may be empty
  /// Active collections that its licence covers; nothing where the configuration does not say.
  std::optional<std::uint64_t> licensed_collections;
  std::vector<std::string> bootstrap;  ///< program and arguments; empty: wait for Directus
  std::chrono::milliseconds bootstrap_timeout{120'000};
};
/// For Directus::licensed_collections: more than anybody has.
inline constexpr std::uint64_t unlimited_collections = UINT64_MAX;

/// One database to keep at what git says.
struct Target {
  std::string name;
  std::string database;     ///< libpq connection string; empty means libpq's own environment
  std::string environment;  ///< label that SQL files can name, e.g. prod
  std::string mode;         ///< auto, dry-run or skip
  std::chrono::milliseconds lock_timeout{5000};
  /// Of a statement that runs outside of the transaction, waits included.
  std::chrono::milliseconds concurrent_timeout{3'600'000};
  std::string drift;                       ///< alert (or empty), hold or heal
  std::vector<std::string> ignored_drift;  ///< patterns of objects that are nobody's business
  DeletionBudget deletion_budget;
  /// How long what is removed stays in quarantine at least; nothing: until somebody purges it.
  std::optional<std::chrono::seconds> retention;
  Directus directus;
  HazardLevels hazards;  ///< where it wants other levels than the rules have
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
/// RECONCILE_ENVIRONMENT, RECONCILE_MODE, RECONCILE_DIRECTUS_URL (several with commas between),
/// RECONCILE_DIRECTUS_TOKEN, RECONCILE_DIRECTUS_TOKEN_FILE. Errors are of kind Usage and name the
/// line.
Result<Config> load(const std::string& file, const Environment& environment);

}  // namespace reconcile::config
