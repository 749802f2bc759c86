#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/ledger_state.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/migrations/migration.h"

namespace reconcile::migrations {

/// What a directive may call a target.
struct TargetLabels {
  std::string target;       ///< its name in the configuration
  std::string environment;  ///< stage, prod; may be empty
};

struct MigrationPlan {
  std::vector<Step> steps;
  std::vector<Hold> holds;
  std::vector<std::string> notes;
  /// Files that count as applied although nothing of them is run: their hashes, names or their
  /// whole record are new to the ledger.
  std::vector<RecordedMigration> adopted;
};

/// A blob of the repository by its object id; nothing where the repository does not have it.
using ReadBlob = std::function<std::optional<std::string>(std::string_view blob)>;

/// What the database has of the objects that files adopt.
struct KnownObjects {
  std::vector<Difference> objects;
  /// Whether what git made of them is written as what the database has is written: an older program
  /// or server may have written it otherwise.
  bool comparable = true;
};

/// The objects that files adopt which the ledger does not know yet, as ObjectIdentity::text().
std::vector<std::string> objects_to_adopt(std::span<const Migration> desired,
                                          const LedgerState& ledger);

/// What of `desired` (in the order of load()) this database still has to run.
///
/// A file is known by its phase and base name. Known and unchanged in substance: nothing to do.
/// Known and edited: held, because the database ran something else than git says. Unknown: run,
/// unless its number says that it should have run before one that is recorded. Renamed: the same as
/// before. Gone: noted, nothing is undone. Where there is no ledger yet, the old runner's guard
/// table says what has run. A file that adopts objects which are all there as it says counts as
/// applied; where some are there and others not, it is held.
MigrationPlan plan(std::span<const Migration> desired, const LedgerState& ledger,
                   const Revision& revision, const TargetLabels& labels, const ReadBlob& read_blob,
                   const KnownObjects& known = {});

/// The ledger's record of a migration that is applied with `revision`.
RecordedMigration recorded(const Migration& migration, const Revision& revision);

}  // namespace reconcile::migrations
