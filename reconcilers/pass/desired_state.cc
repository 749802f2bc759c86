#include "reconcilers/pass/desired_state.h"

#include "reconcilers/snapshot/yaml_reader.h"

namespace reconcile {
namespace {

constexpr std::string_view snapshot_path = "snapshots/schema.yaml";

}  // namespace

const std::vector<std::string>& desired_folders() {
  static const std::vector<std::string> folders{"migrations", "snapshots", "db-init",
                                                "db-init-post"};
  return folders;
}

Result<SnapshotFile> load_snapshot(const FileTree& tree, const SnapshotFile& known) {
  SnapshotFile snapshot;
  snapshot.path = snapshot_path;
  const File* file = tree.find(snapshot_path);
  if (file == nullptr) return snapshot;
  if (known.model && known.blob == file->blob) return known;
  auto parsed = snapshot::read_yaml(file->text, file->path);
  if (!parsed) return parsed.error();
  snapshot.blob = file->blob;
  snapshot.model = std::make_shared<const snapshot::Snapshot>(std::move(*parsed));
  return snapshot;
}

}  // namespace reconcile
