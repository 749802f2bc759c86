#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/plan.h"

namespace reconcile::catalog {

/// The SQL that makes an object what git made it, one statement an entry. Empty where git does not
/// own it, and where that could lose data: a column's type, an enum's values, what only a person
/// can decide about.
std::vector<std::string> heal(const Difference& entry);

/// One difference and what heals it.
struct Healing {
  Difference entry;
  std::vector<std::string> statements;  ///< none where another one's bring it back as well
};

/// What heals these, in an order in which it can run: what others stand on comes first. What
/// heal() has nothing for is left out.
std::vector<Healing> healings(std::vector<Difference> entries);
/// The same with other SQL than heal() has.
using Statements = std::function<std::vector<std::string>(const Difference& entry)>;
std::vector<Healing> healings_with(std::vector<Difference> entries, const Statements& statements);

/// Puts what git made in the order in which it can be made.
void in_order_of_making(std::vector<Difference>& entries);

}  // namespace reconcile::catalog
