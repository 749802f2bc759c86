#include "reconcilers/snapshot/unsettled.h"

#include <string>
#include <string_view>

#include "reconcilers/snapshot/by_name.h"
#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/live.h"

namespace reconcile::snapshot {
namespace {

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
    const std::string name = name_of(field);
    const Attributes* there = schema_of(find(fields, name));
    if (there == nullptr || !field.schema) continue;
    Column column{*field.schema, schema_of(find(applied_fields, name)), *there};
    field.half_indexed = column.take_back("is_indexed", true);
    field.half_unique = column.take_back("is_unique", true);
    field.unproven = column.take_back("is_nullable", false);
  }
  const auto relations = by_name(now.relations);
  const auto applied_relations = by_name(applied.relations);
  for (Relation& relation : begun.relations) {
    const std::string name = name_of(relation);
    if (const Relation* there = find(relations, name))
      settle(relation, find(applied_relations, name), *there);
  }
  if (!begun.system_fields || !now.system_fields) return begun;
  std::erase_if(*begun.system_fields, [&](const SystemField& field) {
    return !contains(now.system_fields, field) && !contains(applied.system_fields, field);
  });
  return begun;
}

}  // namespace reconcile::snapshot
