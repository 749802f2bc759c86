#pragma once

#include <span>
#include <vector>

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/revision.h"

namespace reconcile::policy {

/// What the messages of these commits allow, one object a line: `Allow-Destructive: collection
/// entries`.
Allowances allowances(std::span<const Revision> commits);

/// A hold for each destructive step that no commit message allows by name. Rows at stake have to be
/// counted before.
std::vector<Hold> destructive_guard(std::span<const Step> steps, const Allowances& allowed);

}  // namespace reconcile::policy
