#include "reconcilers/snapshot/live.h"

#include <algorithm>
#include <map>

#include "reconcilers/snapshot/key_order.h"
#include "reconcilers/snapshot/live_projection.h"
#include "reconcilers/snapshot/system_tables.h"

namespace reconcile::snapshot {

namespace fk = foreign_key_cell;

std::string pair_name(std::string_view first, std::string_view second) {
  std::string name;
  name.reserve(first.size() + second.size() + 1);
  name += first;
  name += '\0';
  name += second;
  return name;
}

bool is_excluded(std::string_view table) {
  return table == "spatial_ref_sys" || table == "sysdiagrams";
}

MetadataRows::MetadataRows(const TextTable& rows, bool ordered) : rows_(rows), ordered_(ordered) {
  for (std::size_t i = 0; i < rows.columns().size(); ++i) {
    const TextTable::Column& column = rows.columns()[i];
    if (column.name != "id") columns_.push_back({i, Key(column.name), cell_type(column)});
  }
  if (!ordered) return;
  std::ranges::stable_sort(columns_, [](const Column& left, const Column& right) {
    return key_before(left.key.name(), right.key.name());
  });
}

std::string_view MetadataRows::text(std::size_t row, std::string_view column) const {
  for (std::size_t i = 0; i < rows_.columns().size(); ++i) {
    if (rows_.columns()[i].name == column) return rows_.text(row, i);
  }
  return {};
}

Attributes MetadataRows::attributes(std::size_t row) const {
  Attributes result;
  result.reserve(columns_.size());
  for (const Column& column : columns_) {
    Value value = cell_value(rows_.at(row, column.position), column.type);
    result.add(column.key, ordered_ ? with_ordered_keys(std::move(value)) : std::move(value));
  }
  return result;
}

long MetadataRows::id(std::size_t row) const {
  return static_cast<long>(integer_of(text(row, "id")));
}

Projection::Projection(const LiveState& live, const DirectusTraits* directus)
    : live_(live),
      directus_(directus),
      collection_rows_(live.collections, directus != nullptr),
      field_rows_(live.fields, directus != nullptr),
      relation_rows_(live.relations, directus != nullptr) {
  for (std::size_t row = 0; row < field_rows_.size(); ++row) {
    field_row_.try_emplace(
        pair_name(field_rows_.text(row, "collection"), field_rows_.text(row, "field")), row);
  }
  for (std::size_t row = 0; row < relation_rows_.size(); ++row) {
    relation_rows_by_field_[pair_name(relation_rows_.text(row, "many_collection"),
                                      relation_rows_.text(row, "many_field"))]
        .push_back(row);
  }
  for (std::size_t row = 0; row < live.foreign_keys.rows(); ++row) {
    foreign_key_.try_emplace(
        pair_name(live.foreign_keys.text(row, fk::table), live.foreign_keys.text(row, fk::column)),
        row);
  }
  for (std::size_t row = 0; row < live.keyed_tables.rows(); ++row)
    keyed_tables_.insert(live.keyed_tables.text(row, 0));
}

Snapshot Projection::run() {
  if (directus_ == nullptr || directus_->lists_system_fields) snapshot_.system_fields.emplace();
  collections();
  fields();
  relations();
  return std::move(snapshot_);
}

void Projection::collections() {
  static const Key name_key("name");
  std::map<std::string, Collection, std::less<>> by_name;
  for (std::size_t row = 0; row < live_.tables.rows(); ++row) {
    const std::string name(live_.tables.text(row, 0));
    Collection entity{.name = name, .meta = {}, .schema = Attributes()};
    entity.schema->add(name_key, string_value(name));
    by_name.emplace(name, std::move(entity));
  }
  for (std::size_t row = 0; row < collection_rows_.size(); ++row) {
    const std::string name(collection_rows_.text(row, "collection"));
    Collection& entity =
        by_name.try_emplace(name, Collection{.name = name, .meta = {}, .schema = {}}).first->second;
    entity.meta = collection_rows_.attributes(row);
  }
  for (auto& [name, entity] : by_name) {
    const bool listed = directus_ == nullptr || (untracked() && !is_system_collection(name));
    if (!entity.meta && !listed) continue;
    if (directus_ != nullptr && is_excluded(name)) continue;
    snapshot_.collections.push_back(std::move(entity));
  }
}

/// The row whose foreign key this is. Directus wants the target to be the same, unless the row has
/// none.
std::optional<std::size_t> Projection::relation_row(std::size_t foreign_key) const {
  const auto rows =
      relation_rows_by_field_.find(pair_name(live_.foreign_keys.text(foreign_key, fk::table),
                                             live_.foreign_keys.text(foreign_key, fk::column)));
  if (rows == relation_rows_by_field_.end()) return std::nullopt;
  if (directus_ == nullptr) return rows->second.front();
  const std::string_view target = live_.foreign_keys.text(foreign_key, fk::referenced_table);
  for (const std::size_t row : rows->second) {
    const std::string_view one = relation_rows_.text(row, "one_collection");
    if (one.empty() || one == target) return row;
  }
  return std::nullopt;
}

void Projection::relation(std::optional<std::size_t> foreign_key, std::optional<std::size_t> row) {
  static const Key keys[] = {
      Key("table"),           Key("column"),    Key("foreign_key_table"), Key("foreign_key_column"),
      Key("constraint_name"), Key("on_update"), Key("on_delete")};
  Relation entity;
  if (foreign_key) {
    const TextTable& cells = live_.foreign_keys;
    entity.collection = cells.text(*foreign_key, fk::table);
    entity.field = cells.text(*foreign_key, fk::column);
    entity.related = cells.text(*foreign_key, fk::referenced_table);
    entity.schema.emplace().reserve(std::size(keys));
    for (std::size_t cell = 0; cell < std::size(keys); ++cell)
      entity.schema->add(keys[cell], string_value(cells.text(*foreign_key, cell)));
    entity.validated = cells.truth(*foreign_key, fk::validated);
  } else {
    entity.collection = relation_rows_.text(*row, "many_collection");
    entity.field = relation_rows_.text(*row, "many_field");
    entity.related = relation_rows_.text(*row, "one_collection");
  }
  if (row) {
    entity.meta = relation_rows_.attributes(*row);
    entity.id = relation_rows_.id(*row);
  }
  snapshot_.relations.push_back(std::move(entity));
}

void Projection::relations() {
  std::unordered_set<std::size_t> used;
  for (std::size_t key = 0; key < live_.foreign_keys.rows(); ++key) {
    const std::string_view owner = live_.foreign_keys.text(key, fk::table);
    const std::string_view field = live_.foreign_keys.text(key, fk::column);
    if (directus_ == nullptr && foreign_key_.at(pair_name(owner, field)) != key) continue;
    const auto row = relation_row(key);
    if (row) used.insert(*row);
    const std::string_view target = live_.foreign_keys.text(key, fk::referenced_table);
    const bool listed =
        directus_ == nullptr || (untracked() && !is_system_relation(owner, field, target));
    if (row || listed) relation(key, row);
  }
  for (std::size_t row = 0; row < relation_rows_.size(); ++row) {
    if (used.contains(row)) continue;
    const std::string name = pair_name(relation_rows_.text(row, "many_collection"),
                                       relation_rows_.text(row, "many_field"));
    const bool again =
        relation_rows_by_field_.at(name).front() != row || foreign_key_.contains(name);
    if (directus_ != nullptr || !again) relation(std::nullopt, row);
  }
}

Snapshot project(const LiveState& live) { return Projection(live, nullptr).run(); }

Snapshot project_as(const DirectusTraits& directus, const LiveState& live) {
  return Projection(live, &directus).run();
}

}  // namespace reconcile::snapshot
