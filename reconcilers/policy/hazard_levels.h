#pragma once

#include <span>
#include <vector>

#include "reconcilers/core/hazard.h"
#include "reconcilers/core/plan.h"

namespace reconcile::policy {

/// Sets the level of every hazard: what its file allows, or else what the target says of its code,
/// or of its category, or else the rule's own. A step of a file that loses data at level hold
/// becomes destructive, with the rows at stake to count, and is then decided as every loss is.
///
/// What the snapshot removes is decided by the names of its objects, so that its hazards of that
/// category are for reading only.
void set_hazard_levels(std::span<Step> steps, const HazardLevels& levels);

/// A hold for each step with a hazard of level hold, losses of data aside: see destructive_guard().
std::vector<Hold> hazardous_steps(std::span<const Step> steps);

}  // namespace reconcile::policy
