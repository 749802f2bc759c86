#pragma once

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// The value as Directus writes it: the keys of every object in it ordered, lists as they are.
/// Directus sorts pairs of key and value by their text with a comma between, and JavaScript then
/// puts keys that are numbers first.
Value with_ordered_keys(Value value);

/// Whether a key comes before another in that order, where their values do not matter: they do
/// between a key and the same one with a comma behind it.
bool key_before(std::string_view left, std::string_view right);

}  // namespace reconcile::snapshot
