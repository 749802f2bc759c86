#pragma once

#include <span>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/plan.h"

namespace reconcile::catalog {

/// A row of the Directus tables: which key of it git manages only the snapshot's comparison knows.
bool is_metadata(const Difference& entry);

/// What the snapshot does not make: where its table or column is lost, it is lost beside them.
bool is_beside_snapshot(const Difference& entry);

/// One difference, in words.
Drift described(const Difference& entry);

/// What the database has otherwise than git made it: what the snapshot's comparison found, in its
/// words, and of the whole catalog's what that does not tell. An attribute that a revision's own
/// SQL has changed since the snapshot made it is not as the snapshot says, but as git made it: it
/// is left out. Unmanaged parts of what is unmanaged as a whole are left out, what belongs to
/// Directus itself, what is about one of `claimed`, which the snapshot names for the first time,
/// and tables and columns that it has `named` before: it tells of those itself.
std::vector<Drift> drift(std::span<const Drift> snapshot, std::span<const Difference> inventory,
                         std::span<const std::string> named, std::span<const std::string> claimed);

}  // namespace reconcile::catalog
