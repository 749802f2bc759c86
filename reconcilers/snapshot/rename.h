#pragma once

#include <map>
#include <string>
#include <vector>

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Something that git calls differently now, as a commit message says. Names as in the snapshots:
/// "clubs", or "clubs.title".
struct Rename {
  ObjectIdentity from;
  std::string to;
};

/// Which of the renames that commit messages announce can be done: what is renamed is in base and
/// in the database, its new name in git only. Collections come first, so that a field can be
/// renamed together with its collection.
std::vector<Rename> confirmed_renames(const Allowances& allowances, const Snapshot& base,
                                      const Snapshot& desired, const Snapshot& live);

/// A snapshot in which the renames have happened, as far as names of entities go: what else git
/// changes with them is an ordinary difference.
void rename_in(Snapshot& snapshot, const std::vector<Rename>& renames);

/// The SQL that renames one thing in the database, with the metadata rows that name it: table or
/// column, and rows of Directus' own tables. `desired` is what the file says of it.
std::vector<std::string> rename_sql(const Rename& rename, const LiveState& live,
                                    const Snapshot& desired);

/// What something was called before the renames.
std::string name_before(const std::vector<Rename>& renames, const ObjectIdentity& object);

/// What makes a column unique and indexed once the renames are done: generated names follow it.
/// `live` is the database before, `field` bears its new name.
ColumnNames names_after(const std::vector<Rename>& renames, const LiveState& live,
                        const Field& field);

/// The SQL that makes them follow; renaming the index of a constraint renames the constraint.
/// `renamed` is the database after the renames.
std::vector<std::string> rename_index_sql(const std::vector<Rename>& renames, const LiveState& live,
                                          const Snapshot& renamed);

/// For each object that git no longer has, the new one it has probably become: the same shape under
/// another name, and the only one.
std::map<ObjectIdentity, std::string> likely_renames(const Snapshot& base, const Snapshot& desired,
                                                     const Snapshot& live);

}  // namespace reconcile::snapshot
