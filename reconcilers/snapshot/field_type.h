#pragma once

#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Whether a list, as `special` is one, has this word.
bool lists(const Value* list, std::string_view word);

/// Whether a field with these specials is one without a column.
bool is_alias(const Value* special);

/// The type Directus gives a column: of its PostgreSQL type, unless its metadata say otherwise.
/// `special` may be null. `dates_win`: before 11.10 the specials of dates come before all others.
std::string_view field_type(std::string_view data_type, bool has_precision_and_scale,
                            const Value* special, bool dates_win);

/// The same for a field without a column.
std::string_view alias_type(const Value* special, bool dates_win);

}  // namespace reconcile::snapshot
