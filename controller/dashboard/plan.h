#pragma once

#include <string>

#include "controller/dashboard/target.h"
#include "reconcilers/core/outcome.h"

namespace reconcile::dashboard {

struct PlanView {
  TargetView target;
  /// The last pass; null where there was none yet, or where it had nothing to say.
  const PassReport* report = nullptr;
};

/// GET /targets/{target}: what will be done, the dangerous first.
std::string plan_page(const PlanView& view, const Viewer& viewer);

/// One step with its reason, hazards and SQL, for this and other pages. `called` is the object's
/// name there, `told` the reason that stands above it already, or nothing.
Html step_item(const Step& step, std::string_view called, const Html& told);

}  // namespace reconcile::dashboard
