#include "reconcilers/pass/desired_state.h"

#include "reconcilers/snapshot/read.h"

namespace reconcile {

const std::vector<std::string>& desired_folders() {
  static const std::vector<std::string> folders{"migrations", "snapshots", "db-init",
                                                "db-init-post"};
  return folders;
}

Result<const File*> find_snapshot(const FileTree& tree) {
  const File* file = nullptr;
  for (const std::string_view path : snapshot::snapshot_paths) {
    const File* found = tree.find(path);
    if (found == nullptr) continue;
    if (file != nullptr) {
      return Error{.where = found->path,
                   .what = "the revision has two snapshots, " + file->path + " too",
                   .why = "",
                   .next = "keep one of the two"};
    }
    file = found;
  }
  return file;
}

const snapshot::Snapshot& model_of(const SnapshotFile& file) {
  static const snapshot::Snapshot nothing;
  return file.model ? *file.model : nothing;
}

Result<SnapshotFile> load_snapshot(const FileTree& tree, const SnapshotFile& known) {
  auto found = find_snapshot(tree);
  if (!found) return found.error();
  SnapshotFile snapshot;
  snapshot.path = snapshot::snapshot_paths.front();
  const File* file = *found;
  if (file == nullptr) return snapshot;
  if (known.model && known.blob == file->blob && known.path == file->path) return known;
  auto parsed = snapshot::read(file->text, file->path);
  if (!parsed) return parsed.error();
  snapshot.path = file->path;
  snapshot.blob = file->blob;
  snapshot.model = std::make_shared<const snapshot::Snapshot>(std::move(*parsed));
  return snapshot;
}

}  // namespace reconcile
