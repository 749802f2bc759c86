#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// What a revision's snapshot says for the first time, as Difference::about has it: the collections
/// and fields of `desired` that are not in `base`, but for those in `drift`, which the database has
/// otherwise.
std::vector<std::string> claims(const Snapshot& base, const Snapshot& desired,
                                std::span<const Drift> drift);

/// What a revision's snapshot says otherwise than the one before it, or no more, as
/// Difference::about has it: of which the metadata, of which table, column or foreign key.
struct Restated {
  std::set<std::string> metadata;
  std::set<std::string> schema;
};
Restated restated(const Snapshot& base, const Snapshot& desired);

}  // namespace reconcile::snapshot
