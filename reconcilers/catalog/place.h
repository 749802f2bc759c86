#pragma once

#include <string_view>

#include "reconcilers/core/inventory.h"

namespace reconcile::catalog {

/// The line, from 1, at which the file that made an object names it: its entry in a snapshot, the
/// first mention outside a comment in an SQL file. 0 where there is none.
int line_of(const Difference& object, std::string_view text);

}  // namespace reconcile::catalog
