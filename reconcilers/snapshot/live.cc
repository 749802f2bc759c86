#include "reconcilers/snapshot/live.h"

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "reconcilers/snapshot/live_values.h"

namespace reconcile::snapshot {
namespace {

// The order of the columns of catalog_columns.sql and catalog_foreign_keys.sql.
enum ColumnCell : std::size_t {
  table,
  column,
  data_type,
  max_length,
  precision,
  scale,
  default_value,
  nullable,
  unique_constraint,
  index_name,
  primary_key,
  generated,
  auto_increment
};
enum ForeignKeyCell : std::size_t {
  fk_table,
  fk_column,
  fk_referenced_table,
  fk_referenced_column,
  fk_constraint,
  fk_on_update,
  fk_on_delete
};

/// The rows of one metadata table, decoded once per column instead of once per cell.
class MetadataRows {
 public:
  explicit MetadataRows(const TextTable& rows) : rows_(rows) {
    for (const TextTable::Column& entry : rows.columns()) {
      keys_.emplace_back(entry.name);
      types_.push_back(cell_type(entry));
    }
  }

  std::size_t position(std::string_view name) const {
    for (std::size_t i = 0; i < rows_.columns().size(); ++i) {
      if (rows_.columns()[i].name == name) return i;
    }
    return rows_.columns().size();
  }

  Attributes attributes(std::size_t row) const {
    static const Key id("id");
    Attributes result;
    result.reserve(keys_.size());
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i] == id) continue;
      result.add(keys_[i], cell_value(rows_.at(row, i), types_[i]));
    }
    return result;
  }

  std::string_view text(std::size_t row, std::size_t position_of_column) const {
    return position_of_column < keys_.size() ? rows_.text(row, position_of_column)
                                             : std::string_view();
  }
  std::size_t size() const { return rows_.rows(); }

 private:
  const TextTable& rows_;
  std::vector<Key> keys_;
  std::vector<CellType> types_;
};

bool is_system(std::string_view collection) { return collection.starts_with("directus_"); }

void project_collections(const LiveState& live, Snapshot& snapshot) {
  static const Key name_key("name");
  std::map<std::string, Collection, std::less<>> by_name;
  for (std::size_t row = 0; row < live.tables.rows(); ++row) {
    const std::string name(live.tables.text(row, 0));
    Collection entity{.name = name, .meta = {}, .schema = Attributes()};
    entity.schema->add(name_key, string_value(name));
    by_name.emplace(name, std::move(entity));
  }
  const MetadataRows rows(live.collections);
  const std::size_t name_column = rows.position("collection");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string name(rows.text(row, name_column));
    Collection& entity =
        by_name.try_emplace(name, Collection{.name = name, .meta = {}, .schema = {}}).first->second;
    entity.meta = rows.attributes(row);
  }
  for (auto& [name, entity] : by_name) {
    if (entity.meta || !is_system(name)) snapshot.collections.push_back(std::move(entity));
  }
}

Attributes column_schema(const LiveState& live, std::size_t row,
                         std::optional<std::size_t> foreign_key) {
  static const Key keys[] = {Key("name"),
                             Key("table"),
                             Key("data_type"),
                             Key("default_value"),
                             Key("max_length"),
                             Key("numeric_precision"),
                             Key("numeric_scale"),
                             Key("is_nullable"),
                             Key("is_unique"),
                             Key("is_indexed"),
                             Key("is_primary_key"),
                             Key("is_generated"),
                             Key("generation_expression"),
                             Key("has_auto_increment"),
                             Key("foreign_key_table"),
                             Key("foreign_key_column")};
  const TextTable& cells = live.columns;
  const auto number = [&](std::size_t cell) -> Value {
    const auto text = cells.at(row, cell);
    return text ? Value(integer_of(*text)) : Value(nullptr);
  };
  const auto reference = [&](std::size_t cell) -> Value {
    return foreign_key ? string_value(live.foreign_keys.text(*foreign_key, cell)) : Value(nullptr);
  };
  const std::string_view type = cells.text(row, data_type);
  const bool is_generated = cells.truth(row, generated);
  const bool primary = cells.truth(row, primary_key);
  const bool json = type == "json" || type == "jsonb";
  Attributes result;
  result.reserve(std::size(keys));
  result.add(keys[0], string_value(cells.text(row, column)));
  result.add(keys[1], string_value(cells.text(row, table)));
  result.add(keys[2], string_value(type));
  result.add(keys[3], is_generated ? Value(nullptr)
                                   : projected_default(cells.at(row, default_value), type, json));
  result.add(keys[4], number(max_length));
  result.add(keys[5], number(precision));
  result.add(keys[6], number(scale));
  result.add(keys[7], cells.truth(row, nullable));
  result.add(keys[8], primary || cells.at(row, unique_constraint).has_value());
  result.add(keys[9], cells.at(row, index_name).has_value());
  result.add(keys[10], primary);
  result.add(keys[11], is_generated);
  result.add(keys[12],
             is_generated ? string_value(cells.text(row, default_value)) : Value(nullptr));
  result.add(keys[13], cells.truth(row, auto_increment));
  result.add(keys[14], reference(fk_referenced_table));
  result.add(keys[15], reference(fk_referenced_column));
  return result;
}

std::string pair_name(std::string_view first, std::string_view second) {
  std::string name(first);
  name += '\0';
  name += second;
  return name;
}

/// First foreign key of each column, by table and column.
std::unordered_map<std::string, std::size_t> foreign_keys_by_column(const LiveState& live) {
  std::unordered_map<std::string, std::size_t> found;
  for (std::size_t row = 0; row < live.foreign_keys.rows(); ++row) {
    found.try_emplace(
        pair_name(live.foreign_keys.text(row, fk_table), live.foreign_keys.text(row, fk_column)),
        row);
  }
  return found;
}

void project_fields(const LiveState& live, Snapshot& snapshot) {
  const MetadataRows rows(live.fields);
  const std::size_t id = rows.position("id");
  const std::size_t collection_column = rows.position("collection");
  const std::size_t field_column = rows.position("field");
  const auto foreign_keys = foreign_keys_by_column(live);

  std::unordered_map<std::string, std::size_t> metadata;  // lowest id wins, as in Directus
  for (std::size_t row = 0; row < rows.size(); ++row) {
    metadata.try_emplace(pair_name(rows.text(row, collection_column), rows.text(row, field_column)),
                         row);
  }
  std::unordered_set<std::size_t> used;
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    const std::string_view owner = live.columns.text(row, table);
    const std::string_view name = live.columns.text(row, column);
    const std::string key = pair_name(owner, name);
    const auto meta = metadata.find(key);
    if (meta == metadata.end() && is_system(owner)) continue;
    const auto foreign_key = foreign_keys.find(key);
    Field entity{.collection = std::string(owner),
                 .name = std::string(name),
                 .type = {},
                 .meta = {},
                 .schema = {}};
    entity.schema = column_schema(
        live, row,
        foreign_key == foreign_keys.end() ? std::nullopt : std::optional(foreign_key->second));
    if (meta != metadata.end()) {
      used.insert(meta->second);
      entity.meta = rows.attributes(meta->second);
      entity.id = static_cast<long>(integer_of(rows.text(meta->second, id)));
    }
    snapshot.fields.push_back(std::move(entity));
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string key =
        pair_name(rows.text(row, collection_column), rows.text(row, field_column));
    if (used.contains(row) || metadata.at(key) != row) continue;
    snapshot.fields.push_back({.collection = std::string(rows.text(row, collection_column)),
                               .name = std::string(rows.text(row, field_column)),
                               .type = "alias",
                               .meta = rows.attributes(row),
                               .schema = {},
                               .id = static_cast<long>(integer_of(rows.text(row, id)))});
  }
}

Attributes relation_schema(const LiveState& live, std::size_t row) {
  static const Key keys[] = {
      Key("table"),           Key("column"),    Key("foreign_key_table"), Key("foreign_key_column"),
      Key("constraint_name"), Key("on_update"), Key("on_delete")};
  Attributes result;
  result.reserve(std::size(keys));
  for (std::size_t cell = 0; cell < std::size(keys); ++cell) {
    result.add(keys[cell], string_value(live.foreign_keys.text(row, cell)));
  }
  return result;
}

void project_relations(const LiveState& live, Snapshot& snapshot) {
  const MetadataRows rows(live.relations);
  const std::size_t id = rows.position("id");
  const std::size_t many_collection = rows.position("many_collection");
  const std::size_t many_field = rows.position("many_field");
  const std::size_t one_collection = rows.position("one_collection");
  std::unordered_map<std::string, std::size_t> metadata;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    metadata.try_emplace(pair_name(rows.text(row, many_collection), rows.text(row, many_field)),
                         row);
  }
  std::unordered_set<std::string> with_constraint;
  for (const auto& [key, row] : foreign_keys_by_column(live)) {
    const std::string_view owner = live.foreign_keys.text(row, fk_table);
    const auto meta = metadata.find(key);
    if (meta == metadata.end() && is_system(owner)) continue;
    Relation entity{.collection = std::string(owner),
                    .field = std::string(live.foreign_keys.text(row, fk_column)),
                    .related = std::string(live.foreign_keys.text(row, fk_referenced_table)),
                    .meta = {},
                    .schema = relation_schema(live, row)};
    if (meta != metadata.end()) {
      entity.meta = rows.attributes(meta->second);
      entity.id = static_cast<long>(integer_of(rows.text(meta->second, id)));
      with_constraint.insert(key);
    }
    snapshot.relations.push_back(std::move(entity));
  }
  for (const auto& [key, row] : metadata) {
    if (with_constraint.contains(key)) continue;
    snapshot.relations.push_back({.collection = std::string(rows.text(row, many_collection)),
                                  .field = std::string(rows.text(row, many_field)),
                                  .related = std::string(rows.text(row, one_collection)),
                                  .meta = rows.attributes(row),
                                  .schema = {},
                                  .id = static_cast<long>(integer_of(rows.text(row, id)))});
  }
}

}  // namespace

ColumnNames column_names(const LiveState& live, std::string_view table_name,
                         std::string_view column_name) {
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    if (live.columns.text(row, table) != table_name ||
        live.columns.text(row, column) != column_name)
      continue;
    return {std::string(live.columns.text(row, unique_constraint)),
            std::string(live.columns.text(row, index_name))};
  }
  return {};
}

Snapshot project(const LiveState& live) {
  Snapshot snapshot;
  project_collections(live, snapshot);
  project_fields(live, snapshot);
  project_relations(live, snapshot);
  return snapshot;
}

}  // namespace reconcile::snapshot
