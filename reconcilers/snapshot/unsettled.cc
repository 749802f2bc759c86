#include "reconcilers/snapshot/unsettled.h"

#include <algorithm>
#include <string_view>

#include "reconcilers/snapshot/by_name.h"
#include "reconcilers/snapshot/live.h"

namespace reconcile::snapshot {
namespace {

/// Whether it was not there yet.
bool take_back(Attributes& begun, const Attributes& live, std::string_view key, bool wanted) {
  Value* value = begun.find(Key(key));
  const Value* now = live.find(Key(key));
  if (value == nullptr || now == nullptr || *value != Value(wanted) || *value == *now) return false;
  *value = *now;
  return true;
}

}  // namespace

Snapshot unsettled(Snapshot begun, const LiveState& live) {
  const Snapshot now = project(live);
  const auto fields = by_name(now.fields);
  const auto relations = by_name(now.relations);
  for (Field& field : begun.fields) {
    const auto found = fields.find(name_of(field));
    if (found == fields.end() || !field.schema || !found->second->schema) continue;
    const Attributes& there = *found->second->schema;
    take_back(*field.schema, there, "is_indexed", true);
    field.half_unique = take_back(*field.schema, there, "is_unique", true);
    field.unproven = take_back(*field.schema, there, "is_nullable", false);
  }
  for (Relation& relation : begun.relations) {
    const auto found = relations.find(name_of(relation));
    if (found == relations.end()) continue;
    relation.validated = found->second->validated;
    if (!found->second->schema) relation.schema.reset();  // rows did not allow it
  }
  if (!begun.system_fields || !now.system_fields) return begun;
  std::erase_if(*begun.system_fields, [&](const SystemField& field) {
    return std::ranges::none_of(*now.system_fields, [&](const SystemField& each) {
      return each.collection == field.collection && each.name == field.name;
    });
  });
  return begun;
}

}  // namespace reconcile::snapshot
