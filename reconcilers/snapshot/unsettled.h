#pragma once

#include "reconcilers/core/live_state.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// A snapshot that has begun to be live, without what is still to be done beside the users of its
/// tables: indexes, uniqueness, NOT NULL, and constraints that do not count for all rows yet. What
/// is left is what a plan has to go on from.
Snapshot unsettled(Snapshot begun, const LiveState& live);

}  // namespace reconcile::snapshot
