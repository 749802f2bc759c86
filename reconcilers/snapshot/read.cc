#include "reconcilers/snapshot/read.h"

#include "reconcilers/snapshot/json_reader.h"
#include "reconcilers/snapshot/yaml_reader.h"

namespace reconcile::snapshot {

Result<Snapshot> read(std::string_view text, std::string_view file) {
  return file.ends_with(".json") ? read_json(text, file) : read_yaml(text, file);
}

}  // namespace reconcile::snapshot
