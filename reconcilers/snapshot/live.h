#pragma once

#include "reconcilers/core/live_state.h"
#include "reconcilers/snapshot/directus_version.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// The live database in the terms of a snapshot file, for comparing: every table, column and
/// foreign key, Directus' own too, with its metadata row where it has one, and every metadata row,
/// each once; and which fields of Directus' own tables have an index.
Snapshot project(const LiveState& live);

/// The same as `directus schema snapshot` would list it: without what Directus overlooks, twice
/// where it says something twice. In the order of the rows; export.h has them in the file's.
Snapshot project_as(const DirectusTraits& directus, const LiveState& live);

/// The constraint that makes a column unique and the index that makes it indexed; empty where there
/// is none.
struct ColumnNames {
  std::string unique_constraint;
  std::string index;
};
ColumnNames column_names(const LiveState& live, std::string_view table, std::string_view column);

}  // namespace reconcile::snapshot
