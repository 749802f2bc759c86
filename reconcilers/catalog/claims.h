#pragma once

#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::catalog {

/// What a revision's snapshot says for the first time, as Difference::about has it: the collections
/// and fields of `desired` that are not in `base`, but for those in `drift`, which the database has
/// otherwise.
std::vector<std::string> claims(const snapshot::Snapshot& base, const snapshot::Snapshot& desired,
                                std::span<const Drift> drift);

}  // namespace reconcile::catalog
