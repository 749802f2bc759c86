#pragma once

#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/migrations/migration.h"

namespace reconcile::migrations {

/// The migrations of a revision: pre, post, seed, and within a phase by number.
///
/// Layouts: migrations/{pre,post,seed}/*.sql, or the older db-init/*.sql (pre) and
/// db-init-post/*.sql (post). Files that do not end in .sql are left alone; a .sql file that no
/// phase would run is an error, so that none is forgotten in silence.
Result<std::vector<Migration>> load(const FileTree& tree);

}  // namespace reconcile::migrations
