#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile {

/// Folders a revision is read from: the layouts of design §6.
const std::vector<std::string>& desired_folders();

/// The snapshot among a revision's files; null where there is none. Errors: there are two.
Result<const File*> find_snapshot(const FileTree& tree);

/// The Directus schema of one revision.
struct SnapshotFile {
  std::string path;
  std::string blob;                                 ///< empty where the revision has none
  std::shared_ptr<const snapshot::Snapshot> model;  ///< null where it has none
};

/// What the file says; nothing where there is none.
const snapshot::Snapshot& model_of(const SnapshotFile& file);

/// Reads the snapshot out of a revision's files. `known` is another revision's: the same blob is
/// not parsed again. Errors name file and line.
Result<SnapshotFile> load_snapshot(const FileTree& tree, const SnapshotFile& known);

}  // namespace reconcile
