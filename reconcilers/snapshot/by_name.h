#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// Entities of one kind by name.
template <class Entity>
using ByName = std::unordered_map<std::string, const Entity*>;

/// The pointers live as long as `entities`.
template <class Entity>
ByName<Entity> by_name(const std::vector<Entity>& entities) {
  ByName<Entity> index;
  index.reserve(entities.size());
  for (const Entity& entity : entities) index.emplace(name_of(entity), &entity);
  return index;
}

/// Null where there is none.
template <class Entity>
const Entity* find(const ByName<Entity>& index, const std::string& name) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace reconcile::snapshot
