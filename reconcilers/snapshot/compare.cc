#include "reconcilers/snapshot/compare.h"

namespace reconcile::snapshot {

IgnoredKeys ignored_keys(const Collection&) { return {{Key("collection")}, {Key("name")}}; }

/// What a column refers to is its relation's business; a counter's default names its own sequence.
IgnoredKeys ignored_keys(const Field& entity) {
  IgnoredKeys ignored{
      {Key("collection"), Key("field")},
      {Key("name"), Key("table"), Key("foreign_key_table"), Key("foreign_key_column")}};
  if (entity.schema && truth_of(entity.schema->find(Key("has_auto_increment")))) {
    ignored.schema.emplace_back("default_value");
  }
  return ignored;
}

IgnoredKeys ignored_keys(const Relation&) {
  return {{Key("many_collection"), Key("many_field")}, {Key("table"), Key("column")}};
}

bool contains(const std::optional<std::vector<SystemField>>& fields, const SystemField& wanted) {
  return fields && std::ranges::any_of(*fields, [&](const SystemField& field) {
           return field.collection == wanted.collection && field.name == wanted.name;
         });
}

Action EntityDiff::action() const {
  const auto either = [this](PartDiff::Intent intent) {
    return meta.intent == intent || schema.intent == intent;
  };
  if (either(PartDiff::Intent::Remove)) return Action::Remove;
  return either(PartDiff::Intent::Change) ? Action::Change : Action::Create;
}

}  // namespace reconcile::snapshot
