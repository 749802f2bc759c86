#pragma once

#include <optional>
#include <span>
#include <string>

#include "reconcilers/core/plan.h"
#include "reconcilers/core/revision.h"

namespace reconcile::policy {

/// Design law 3: only a descendant of base is applied. Empty where the candidate may go on.
std::optional<Hold> continuity(Ancestry ancestry, const std::string& base,
                               const Revision& candidate);

/// A rollback that is in force: from and to are commits.
struct Rollback {
  std::string from;
  std::string to;
  std::string by;  ///< who and when, for people
};

/// What was rolled back stays away: only a newer commit goes ahead. `ancestry` is how the candidate
/// stands to the commit that was rolled back from.
std::optional<Hold> after_rollback(Ancestry ancestry, const Rollback& rollback,
                                   const Revision& candidate);

/// A rollback goes back on the way that the database has come. `ancestry` is how the revision
/// stands to `newest`, which was applied before any rollback.
std::optional<Hold> rollback_target(Ancestry ancestry, const std::string& newest,
                                    const Revision& candidate);

/// A database belongs to the repository it was first reconciled from, named by its root commits.
std::optional<Hold> same_repository(std::span<const std::string> recorded_roots,
                                    std::span<const std::string> roots, const Revision& candidate);

}  // namespace reconcile::policy
