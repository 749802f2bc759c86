#pragma once

#include <span>

#include "reconcilers/core/outcome.h"

namespace reconcile::catalog {

/// Who probably made this drift: of the changes, newest first, the newest that names the object,
/// otherwise the newest that names its table. Null where none does.
const Witness* culprit(const Drift& drift, std::span<const Witness> changes);

}  // namespace reconcile::catalog
