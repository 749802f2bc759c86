#pragma once

#include <string_view>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Reads a `schema.yaml` (or the same as JSON, which is YAML too). `file` names it in errors, with
/// the line. Scalars resolve as js-yaml's default schema does, since js-yaml wrote the file.
/// Errors: not YAML, aliases, too deep, wrong types, unknown keys beside
/// collection/field/meta/schema, duplicates.
Result<Snapshot> read_yaml(std::string_view text, std::string_view file);

/// The same by libyaml alone, entry for entry: what the quick way is held against in tests.
Result<Snapshot> read_yaml_thoroughly(std::string_view text, std::string_view file);

}  // namespace reconcile::snapshot
