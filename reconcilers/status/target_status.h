#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "reconcilers/core/outcome.h"
#include "reconcilers/core/suspension.h"
#include "reconcilers/status/standing.h"
#include "reconcilers/status/wall_time.h"

namespace reconcile {

/// What a controller knows of one target between two passes.
struct TargetStatus {
  std::string target;
  std::string environment;
  std::string fleet;  ///< what discovered it; empty where it stands in the configuration itself
  Standing standing;
  Revision git;          ///< the newest commit seen; empty where none was
  std::string database;  ///< the commit it is at; empty where none was ever applied
  Counts plan;           ///< what is not live yet
  std::string plan_digest;
  std::string fingerprint;    ///< of the schema: equal ones are equal schemas
  std::size_t drifted = 0;    ///< objects that are not as git made them
  std::size_t unmanaged = 0;  ///< objects that git did not make
  std::string leader;         ///< the replica that works on it; empty where none does
  bool led_here = false;
  WallTime since{};      ///< when `standing` began; the epoch where it is not known
  WallTime checked{};    ///< when the last pass ended; the epoch where there was none
  WallTime compared{};   ///< the last that compared the database with git; before, all is unknown
  WallTime next_look{};  ///< when the next one is due
  int failures = 0;      ///< in a row
  /// Nobody knows what git says now. It is so for all who depend on it, and told once for them all.
  bool without_git = false;
  std::optional<Suspension> suspension = {};
  Stays stays = {};  ///< as of the last pass that could read them
  /// The last pass that had something to say; null where there is nothing but the above. Its drift
  /// is as of `compared`. Shared, immutable.
  std::shared_ptr<const PassReport> report = {};
};

/// What is known after a pass that ended `now`.
TargetStatus status_after(TargetStatus before, PassReport report, WallTime now);

/// The same while git does not answer, where `away` is what that comes to once it has been for
/// long. Nothing then looks as if all were well; what a person has to see to stays in front.
TargetStatus without_git(TargetStatus after, const TargetStatus& before,
                         const std::optional<Standing>& away, WallTime now);

/// The order of lists: worst first, equal ones by name.
bool worse_first(const TargetStatus& left, const TargetStatus& right);

}  // namespace reconcile
