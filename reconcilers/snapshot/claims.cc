#include "reconcilers/snapshot/claims.h"

#include <algorithm>
#include <unordered_set>

#include "reconcilers/snapshot/by_name.h"

namespace reconcile::snapshot {
namespace {

using Part = std::optional<Attributes>;

bool same(const Part& left, const Part& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  return left->size() == right->size() && std::ranges::all_of(*left, [&](const auto& item) {
           const Value* other = right->find(item.first);
           return other != nullptr && *other == item.second;
         });
}

template <class Entity>
void compare(const std::vector<Entity>& base, const std::vector<Entity>& desired,
             Restated& result) {
  ByName<Entity> before = by_name(base);
  for (const Entity& entity : desired) {
    const std::string name = name_of(entity);
    const Entity* old = find(before, name);
    if (old == nullptr || !same(old->meta, entity.meta)) result.metadata.insert(name);
    if (old == nullptr || !same(old->schema, entity.schema)) result.schema.insert(name);
    before.erase(name);
  }
  for (const auto& [name, entity] : before) {
    result.metadata.insert(name);
    result.schema.insert(name);
  }
}

}  // namespace

std::vector<std::string> claims(const Snapshot& base, const Snapshot& desired,
                                std::span<const Drift> drift) {
  std::unordered_set<std::string> known;
  for (const auto& entity : base.collections) known.insert(name_of(entity));
  for (const auto& entity : base.fields) known.insert(name_of(entity));
  for (const Drift& entry : drift) known.insert(entry.object.name);
  std::vector<std::string> result;
  const auto claim = [&](std::string name) {
    if (!known.contains(name)) result.push_back(std::move(name));
  };
  for (const auto& entity : desired.collections) claim(name_of(entity));
  for (const auto& entity : desired.fields) claim(name_of(entity));
  return result;
}

Restated restated(const Snapshot& base, const Snapshot& desired) {
  Restated result;
  compare(base.collections, desired.collections, result);
  compare(base.fields, desired.fields, result);
  compare(base.relations, desired.relations, result);
  return result;
}

}  // namespace reconcile::snapshot
