#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/migrations/migration.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile {

/// What one revision says the database should be.
struct DesiredState {
  std::vector<migrations::Migration> migrations;
  std::shared_ptr<const snapshot::Snapshot> snapshot;  ///< null where the revision has none
  std::string snapshot_file;
  std::string snapshot_blob;
};

/// Folders a revision is read from: the layouts of design §6.
const std::vector<std::string>& desired_folders();

/// Reads and checks every file. `known` is another revision's state: a snapshot with the same blob
/// is not parsed again. Errors name file and line.
Result<DesiredState> load(const FileTree& tree, const DesiredState* known = nullptr);

/// Only the snapshot, for the revision that is applied already: its SQL is recorded in the ledger.
Result<DesiredState> load_snapshot(const FileTree& tree, const DesiredState* known);

}  // namespace reconcile
