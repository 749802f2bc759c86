#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "reconcilers/migrations/migration.h"

namespace reconcile::migrations {

/// How a revision's files and the old runner's guard table, public.migrations_applied, match.
struct OldRunnerMatch {
  std::map<const Migration*, std::string>
      applied;                         ///< file of the revision → name it was recorded under
  std::vector<std::string> unmatched;  ///< recorded, and not in the revision
};

/// Matches by base name, with or without .sql. A name that is not listed matches where it is listed
/// under another number, once, and no other file could be meant: files kept their names when
/// db-init/004_junction_unique_constraints.sql became post/001_junction_unique_constraints.sql.
OldRunnerMatch match_old_runner(std::span<const Migration> desired,
                                std::span<const std::string> guard_table);

}  // namespace reconcile::migrations
