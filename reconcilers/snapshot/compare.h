#pragma once

#include <algorithm>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/model.h"
#include "reconcilers/snapshot/three_way.h"

namespace reconcile::snapshot {

/// Attributes that are not compared: an entity's own name in its parts, and what belongs to another
/// entity.
struct IgnoredKeys {
  std::vector<Key> meta;
  std::vector<Key> schema;
};
IgnoredKeys ignored_keys(const Collection& entity);
IgnoredKeys ignored_keys(const Field& entity);
IgnoredKeys ignored_keys(const Relation& entity);

/// Whether the list, where there is one, has that field.
bool contains(const std::optional<std::vector<SystemField>>& fields, const SystemField& wanted);

/// What git asks of both parts of one entity.
struct EntityDiff {
  PartDiff meta;
  PartDiff schema;

  bool nothing_to_do() const {
    return meta.intent == PartDiff::Intent::Nothing && schema.intent == PartDiff::Intent::Nothing;
  }
  /// The strongest of the two intents.
  Action action() const;
};

template <class Entity>
const Attributes* meta_of(const Entity* entity) {
  return entity != nullptr && entity->meta ? &*entity->meta : nullptr;
}

template <class Entity>
const Attributes* schema_of(const Entity* entity) {
  return entity != nullptr && entity->schema ? &*entity->schema : nullptr;
}

/// Compares an entity that git wants three ways. Null where a side does not have it.
template <class Entity>
EntityDiff compare(const Entity* base, const Entity& desired, const Entity* live) {
  const IgnoredKeys ignored = ignored_keys(desired);
  return {three_way(meta_of(base), meta_of(&desired), meta_of(live), ignored.meta),
          three_way(schema_of(base), schema_of(&desired), schema_of(live), ignored.schema)};
}

/// Whether the database still has an entity as the file has it, in every key that the file names.
template <class Entity>
bool differs(const Entity& file, const Entity& live) {
  if (file.meta.has_value() != live.meta.has_value()) return true;
  if (file.schema.has_value() != live.schema.has_value()) return true;
  const EntityDiff diff = compare<Entity>(nullptr, file, &live);
  return !diff.meta.conflicts.empty() || !diff.schema.conflicts.empty();
}

}  // namespace reconcile::snapshot
