#pragma once

#include <array>
#include <string_view>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Where a revision keeps its snapshot: one of these, never two.
inline constexpr std::array<std::string_view, 2> snapshot_paths{"snapshots/schema.yaml",
                                                                "snapshots/schema.json"};

/// Reads a snapshot as YAML, or as JSON where the file's name says so. Errors name file and place.
Result<Snapshot> read(std::string_view text, std::string_view file);

}  // namespace reconcile::snapshot
