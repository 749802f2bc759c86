#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/plan.h"
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
  /// How many active collections a licence covers; empty where none is stated.
  std::optional<std::uint64_t> collection_limit = {};
};

/// The steps from live to desired that git asks for, what has to be decided first (conflicts, what
/// the format cannot express), and the drift it leaves alone.
Plan plan(const Inputs& inputs);

}  // namespace reconcile::snapshot
