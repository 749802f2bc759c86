#pragma once

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// What the planner compares. `base` is the snapshot of the revision applied last, empty on a first
/// run.
struct Inputs {
  const Snapshot& base;
  const Snapshot& desired;
  const LiveState& live;
  const Allowances& allowances;
  const Revision& revision;
  std::string file;  ///< path of the snapshot, the owner of its objects
};

/// The steps from live to desired that git asks for, the conflicts that have to be decided, and the
/// drift it leaves alone. Errors: a column that the format cannot express.
Result<Plan> plan(const Inputs& inputs);

}  // namespace reconcile::snapshot
