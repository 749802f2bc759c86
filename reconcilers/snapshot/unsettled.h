#pragma once

#include "reconcilers/core/live_state.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// A snapshot that has begun to be live on top of `applied`, without what is still to be done
/// beside the users of its tables: indexes, uniqueness, NOT NULL, and constraints that do not count
/// for all rows yet. What is left is what a plan has to go on from. What `applied` says as well is
/// not touched: where the database does not have that, somebody else took it away.
Snapshot unsettled(Snapshot begun, const Snapshot& applied, const LiveState& live);

}  // namespace reconcile::snapshot
