#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/deletion_budget.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/ports/clock.h"
#include "reconcilers/ports/database.h"
#include "reconcilers/ports/directus.h"
#include "reconcilers/ports/progress.h"
#include "reconcilers/ports/source.h"

namespace reconcile {

enum class Mode {
  Auto,    ///< apply what git asks for
  DryRun,  ///< plan, and say what would happen
  Skip,    ///< leave this target alone
};

/// What becomes of drift: differences that git did not ask for.
enum class DriftPolicy {
  Alert,  ///< report it
  Hold,   ///< and apply nothing new before a person has looked
  Heal,   ///< bring back what git made, where that loses nothing
};

struct PassOptions {
  std::string target;            ///< name of the target
  std::string environment;       ///< label that files can name, besides the target's own name
  std::string branch;            ///< empty: the repository's own
  std::string revision;          ///< empty: newest commit of the branch
  std::string tag_pattern = {};  ///< instead of the branch: the highest version among such tags
  Mode mode = Mode::Auto;
  bool rollback = false;   ///< `revision` may be older than the one applied: go back to it
  bool throwaway = false;  ///< nothing in the database is worth keeping: losses are not held
  std::chrono::milliseconds lock_timeout{5000};
  std::chrono::milliseconds lease_timeout{10000};
  /// Of a statement that runs alone, waits included.
  std::chrono::milliseconds concurrent_timeout{std::chrono::hours(1)};
  /// How many active collections the licence of Directus covers; empty where none is stated.
  std::optional<std::uint64_t> collection_limit = {};
  DriftPolicy drift = DriftPolicy::Alert;
  /// Whether the database says at once when somebody changes its schema, and keeps who it was.
  /// Empty: nobody has said, so it stays as it is.
  std::optional<bool> watch = {};
  std::vector<std::string> ignored_drift = {};  ///< patterns, see reconcilers/policy/drift_rules.h
  /// `revision` was chosen because another target has had it: older than what is applied, it says
  /// nothing against that.
  bool promoted = false;
  bool tells_stays = false;  ///< the report has them
  /// Of a dry run that stands for a target's state: a commit at which the ledger's newest attempt
  /// has failed is not pending, but failed.
  bool tells_failure = false;
  bool at_base = false;       ///< not the branch's newest commit, but the one that is applied
  HazardLevels hazards = {};  ///< where the target wants other levels than the rules have
  DeletionBudget deletion_budget = {};
  /// How long what is removed stays in quarantine at least; empty: until somebody purges it.
  std::optional<std::chrono::seconds> retention = {};
  /// Why nothing may be applied now, besides what the database and the plan say: a closed window,
  /// a target that has to come first.
  std::vector<Hold> gates = {};
  /// Nothing is committed without it; empty where no replica leads.
  std::optional<Fence> fence = {};
  int attempts = 5;  ///< of the apply transaction, where somebody else held a lock
};

struct PassPorts {
  Source& source;
  Connector& connector;
  Clock& clock;
  Progress& progress;
  Instances* instances = nullptr;  ///< where the target has none: nobody is told
  Installer* installer = nullptr;  ///< where the target has none: wait until Directus is there
};

/// One pass over one target: fetch, load, read, plan, policy, apply, settle (design §3). Never
/// throws; whatever happens is in the report's outcome. A dry run connects, reads, and writes
/// nothing at all.
PassReport run_pass(const PassOptions& options, PassPorts ports);

}  // namespace reconcile
