#include "reconcilers/pass/desired_state.h"

#include <algorithm>

#include "reconcilers/migrations/load.h"
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

Result<DesiredState> load_snapshot(const FileTree& tree, const DesiredState* known) {
  DesiredState state;
  state.snapshot_file = snapshot_path;
  const File* file = tree.find(snapshot_path);
  if (file == nullptr) return state;
  state.snapshot_blob = file->blob;
  if (known != nullptr && known->snapshot && known->snapshot_blob == file->blob) {
    state.snapshot = known->snapshot;
    return state;
  }
  auto parsed = snapshot::read_yaml(file->text, file->path);
  if (!parsed) return parsed.error();
  state.snapshot = std::make_shared<const snapshot::Snapshot>(std::move(*parsed));
  return state;
}

Result<DesiredState> load(const FileTree& tree, const DesiredState* known) {
  auto state = load_snapshot(tree, known);
  if (!state) return state;
  auto files = migrations::load(tree);
  if (!files) return files.error();
  state->migrations = std::move(*files);
  return state;
}

}  // namespace reconcile
