#pragma once

#include <span>
#include <string>

#include "reconcilers/core/ledger_state.h"
#include "reconcilers/pass/pass.h"

namespace reconcile {

/// Digest of what decides, besides the files of a revision and the schema, whether a pass has
/// anything to do: which files are for this target, which ones the ledger has recorded, and which
/// version of the program looks. `added` are records that replace those of the same name.
std::string settled(const PassOptions& options, std::span<const RecordedMigration> recorded,
                    std::span<const RecordedMigration> added = {});

}  // namespace reconcile
