#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/plan.h"

namespace reconcile::catalog {

/// The SQL that makes an object what git made it, one statement an entry. Empty where git does not
/// own it, and where that could lose data: a column's type, an enum's values, what only a person
/// can decide about.
std::vector<std::string> heal(const Difference& entry);

/// The SQL that git would need to say what the database has; empty where nobody can tell.
std::vector<std::string> adopt(const Difference& entry);

/// Differences in an order in which their healing can run: what others stand on comes first.
std::vector<Difference> in_healing_order(std::vector<Difference> entries);

}  // namespace reconcile::catalog
