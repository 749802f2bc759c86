#pragma once

#include <string>
#include <vector>

#include "controller/dashboard/target.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/core/quarantine.h"

namespace reconcile::dashboard {

/// GET /targets/{target}/history: what was tried, newest first.
std::string history_page(const TargetView& view, const std::vector<Attempt>& attempts,
                         const Viewer& viewer);

struct BlameView {
  TargetView target;
  std::string object = {};  ///< asked for with `?object=`; empty where nothing was yet
  std::vector<ObjectRecord> records = {};
};

/// GET /targets/{target}/blame: which commit and file made an object, and what changed it since.
std::string blame_page(const BlameView& view, const Viewer& viewer);

/// GET /targets/{target}/quarantine: what passes have removed, and the way back.
std::string quarantine_page(const TargetView& view, const std::vector<QuarantineEntry>& entries,
                            const Viewer& viewer);

}  // namespace reconcile::dashboard
