#pragma once

#include "reconcilers/core/live_state.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// The live database in the terms of a snapshot file: what Directus 11 would read out of the same
/// catalog rows. Directus' own tables are in it only where a metadata row makes them, or a field of
/// them, the project's business.
Snapshot project(const LiveState& live);

/// The constraint that makes a column unique and the index that makes it indexed; empty where there
/// is none.
struct ColumnNames {
  std::string unique_constraint;
  std::string index;
};
ColumnNames column_names(const LiveState& live, std::string_view table, std::string_view column);

}  // namespace reconcile::snapshot
