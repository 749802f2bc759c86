#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::snapshot {

/// A list of a snapshot in YAML, and what its entries are called.
struct EntityList {
  std::string_view key;
  std::string_view entity;
};
inline constexpr std::array<EntityList, 4> entity_lists{{{"collections", "collection"},
                                                         {"fields", "field"},
                                                         {"systemFields", "system field"},
                                                         {"relations", "relation"}}};

/// The list whose key begins this line; null where none does.
const EntityList* list_begun_by(std::string_view line);

/// "field clubs.name", from the first lines of an entry as Directus writes them.
std::string entry_name(const EntityList& list, const std::vector<std::string_view>& lines);
/// "fields of clubs": the entries that stand together in the list.
std::string entry_group(const EntityList& list, const std::vector<std::string_view>& lines);

}  // namespace reconcile::snapshot
