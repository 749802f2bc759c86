#include "reconcilers/snapshot/unsettled.h"

#include <algorithm>
#include <string_view>

#include "reconcilers/snapshot/by_name.h"
#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/live.h"

namespace reconcile::snapshot {
namespace {

template <class Entity>
const Attributes* schema_in(const ByName<Entity>& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : schema_of(found->second);
}

/// The three sides of one column.
struct Column {
  Attributes& begun;
  const Attributes* applied;
  const Attributes& live;

  /// Whether it was begun, and is not there yet.
  bool take_back(std::string_view key, bool wanted) {
    Value* value = begun.find(Key(key));
    const Value* now = live.find(Key(key));
    const Value* before = applied == nullptr ? nullptr : applied->find(Key(key));
    if (value == nullptr || now == nullptr || *value != Value(wanted) || *value == *now)
      return false;
    if (before != nullptr && *before == *value) return false;
    *value = *now;
    return true;
  }
};

void settle(Relation& relation, const Relation* applied, const Relation& live) {
  const auto asked = compare(applied, relation, applied).schema.intent;
  if (asked == PartDiff::Intent::Nothing) return;
  relation.validated = live.validated;
  if (!live.schema) relation.schema.reset();  // rows did not allow it
}

}  // namespace

Snapshot unsettled(Snapshot begun, const Snapshot& applied, const LiveState& live) {
  const Snapshot now = project(live);
  const auto fields = by_name(now.fields);
  const auto applied_fields = by_name(applied.fields);
  for (Field& field : begun.fields) {
    const Attributes* there = schema_in(fields, name_of(field));
    if (there == nullptr || !field.schema) continue;
    Column column{*field.schema, schema_in(applied_fields, name_of(field)), *there};
    field.half_indexed = column.take_back("is_indexed", true);
    field.half_unique = column.take_back("is_unique", true);
    field.unproven = column.take_back("is_nullable", false);
  }
  const auto relations = by_name(now.relations);
  const auto applied_relations = by_name(applied.relations);
  for (Relation& relation : begun.relations) {
    const auto there = relations.find(name_of(relation));
    const auto before = applied_relations.find(name_of(relation));
    if (there == relations.end()) continue;
    settle(relation, before == applied_relations.end() ? nullptr : before->second, *there->second);
  }
  if (!begun.system_fields || !now.system_fields) return begun;
  const auto contains = [](const std::vector<SystemField>& all, const SystemField& field) {
    return std::ranges::any_of(all, [&](const SystemField& each) {
      return each.collection == field.collection && each.name == field.name;
    });
  };
  std::erase_if(*begun.system_fields, [&](const SystemField& field) {
    return !contains(*now.system_fields, field) &&
           !contains(applied.system_fields.value_or(std::vector<SystemField>()), field);
  });
  return begun;
}

}  // namespace reconcile::snapshot
