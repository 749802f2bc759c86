#pragma once

#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/ports/source.h"

namespace reconcile::cli {

/// Adds what the repository says of the commits that made these objects.
Result<std::vector<ObjectRecord>> with_commits(Source& source, std::vector<ObjectRecord> records);

}  // namespace reconcile::cli
