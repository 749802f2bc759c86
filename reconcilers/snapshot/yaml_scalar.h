#pragma once

#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// What a plain (unquoted) YAML scalar means to js-yaml 4's default schema: null, true, numbers in
/// four bases, or text. Dates stay text: Directus quotes them, and a snapshot has no date values.
Value resolve_plain(std::string_view text);

}  // namespace reconcile::snapshot
