#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/plan.h"

namespace reconcile::dashboard {

/// The steps of one table, or of one phase of migrations.
struct StepGroup {
  std::string name;
  std::vector<const Step*> steps;
};

/// How much a person should look at a step; the larger the more.
enum class Danger { None, Noted, Warned, Held, Loss };
Danger danger_of(const Step& step);

/// The steps by group, the most dangerous first, in the groups as well; otherwise in the plan's
/// order.
std::vector<StepGroup> grouped_steps(const Plan& plan);

}  // namespace reconcile::dashboard
