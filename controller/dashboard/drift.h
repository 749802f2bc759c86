#pragma once

#include <string>

#include "controller/dashboard/target.h"
#include "reconcilers/core/outcome.h"

namespace reconcile::dashboard {

struct DriftView {
  TargetView target;
  /// The last pass; null where there was none yet, or where it had nothing to say.
  const PassReport* report = nullptr;
};

/// GET /targets/{target}/drift: what is not as git made it; heal it or adopt it, side by side.
std::string drift_page(const DriftView& view, const Viewer& viewer);

}  // namespace reconcile::dashboard
