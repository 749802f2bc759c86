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

/// A database belongs to the repository it was first reconciled from, named by its root commits.
std::optional<Hold> same_repository(std::span<const std::string> recorded_roots,
                                    std::span<const std::string> roots, const Revision& candidate);

}  // namespace reconcile::policy
