#pragma once

#include <string_view>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Reads a snapshot that Directus wrote as JSON (`schema snapshot --format json`). `file` names it
/// in errors, with the line of what is not JSON, with the list and the entry for what is not a
/// snapshot. Errors: as read_yaml.
Result<Snapshot> read_json(std::string_view text, std::string_view file);

}  // namespace reconcile::snapshot
