#include <algorithm>
#include <array>

#include "reconcilers/snapshot/field_type.h"
#include "reconcilers/snapshot/key_order.h"
#include "reconcilers/snapshot/live_projection.h"
#include "reconcilers/snapshot/system_tables.h"

namespace reconcile::snapshot {
namespace {

namespace cell = column_cell;
namespace fk = foreign_key_cell;

const Value* special_of(const std::optional<Attributes>& meta) {
  static const Key special("special");
  return meta ? meta->find(special) : nullptr;
}

}  // namespace

ColumnNames column_names(const LiveState& live, std::string_view table, std::string_view column) {
  const TextTable& cells = live.columns;
  for (std::size_t row = 0; row < cells.rows(); ++row) {
    if (cells.text(row, cell::table) != table || cells.text(row, cell::name) != column) continue;
    return {std::string(cells.text(row, cell::unique_constraint)),
            std::string(cells.text(row, cell::index))};
  }
  return {};
}

/// Directus knows the fields of tables with a primary key of one column, and of no others.
bool Projection::has_fields(std::string_view collection) const {
  if (directus_ == nullptr) return true;
  return keyed_tables_.contains(collection) && !is_excluded(collection) &&
         collection.find(' ') == std::string_view::npos;
}

void Projection::fields() {
  for (std::size_t row = 0; row < live_.columns.rows(); ++row) column(row);
  alias_fields();
}

void Projection::column(std::size_t column) {
  static const Key indexed("is_indexed");
  const TextTable& cells = live_.columns;
  const std::string_view owner = cells.text(column, cell::table);
  const std::string_view name = cells.text(column, cell::name);
  if (!has_fields(owner)) return;
  const auto row = field_row_.find(pair_name(owner, name));
  if (row == field_row_.end() && is_system_field(owner, name)) {
    if (snapshot_.system_fields && cells.at(column, cell::index)) {
      SystemField entity{std::string(owner), std::string(name), Attributes()};
      entity.schema->add(indexed, true);
      snapshot_.system_fields->push_back(std::move(entity));
    }
    // A file that makes it the project's business has to find its column.
    if (directus_ != nullptr) return;
  }
  if (row == field_row_.end() && !untracked()) return;
  Field entity;
  entity.collection = owner;
  entity.name = name;
  if (row != field_row_.end()) {
    used_field_rows_.insert(row->second);
    entity.meta = field_rows_.attributes(row->second);
    entity.id = field_rows_.id(row->second);
  }
  const bool decimal = cells.at(column, cell::precision) && cells.at(column, cell::scale);
  entity.type = field_type(cells.text(column, cell::data_type), decimal, special_of(entity.meta),
                           directus_ != nullptr && directus_->dates_win);
  // The dates come too late for the default: that is read by the type without them.
  entity.schema = column_schema(column, field_type(cells.text(column, cell::data_type), decimal,
                                                   special_of(entity.meta), false));
  snapshot_.fields.push_back(std::move(entity));
}

/// Fields without a column. Directus shows those whose special says so, also beside a column of
/// that name, and again for each row; for comparing, what is a row and no column is one.
void Projection::alias_fields() {
  for (std::size_t row = 0; row < field_rows_.size(); ++row) {
    const std::string_view owner = field_rows_.text(row, "collection");
    if (!has_fields(owner)) continue;
    const auto first = field_row_.at(pair_name(owner, field_rows_.text(row, "field")));
    if (directus_ == nullptr && (first != row || used_field_rows_.contains(row))) continue;
    std::optional<Attributes> meta = field_rows_.attributes(row);
    if (directus_ != nullptr && !is_alias(special_of(meta))) continue;
    Field entity;
    entity.collection = owner;
    entity.name = field_rows_.text(row, "field");
    entity.type = alias_type(special_of(meta), directus_ != nullptr && directus_->dates_win);
    entity.meta = std::move(meta);
    entity.id = field_rows_.id(row);
    snapshot_.fields.push_back(std::move(entity));
  }
}

Attributes Projection::column_schema(std::size_t column, std::string_view type) const {
  static const std::array<Key, 16> keys{Key("name"),
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
  const TextTable& cells = live_.columns;
  const auto foreign_key =
      foreign_key_.find(pair_name(cells.text(column, cell::table), cells.text(column, cell::name)));
  const auto text = [&](std::size_t at) { return string_value(cells.text(column, at)); };
  const auto number = [&](std::size_t at) -> Value {
    const auto digits = cells.at(column, at);
    return digits ? Value(integer_of(*digits)) : Value(nullptr);
  };
  const auto reference = [&](std::size_t at) -> Value {
    if (foreign_key == foreign_key_.end()) return nullptr;
    return string_value(live_.foreign_keys.text(foreign_key->second, at));
  };
  const bool generated = cells.truth(column, cell::generated);
  const bool primary = cells.truth(column, cell::primary_key);
  const Value nothing(nullptr);
  Value default_value = nothing;
  if (!generated) {
    default_value = projected_default(cells.at(column, cell::default_value), type);
    if (directus_ != nullptr) default_value = with_ordered_keys(std::move(default_value));
  }
  std::array<Value, keys.size()> values{
      text(cell::name),
      text(cell::table),
      text(cell::data_type),
      std::move(default_value),
      number(cell::max_length),
      number(cell::precision),
      number(cell::scale),
      cells.truth(column, cell::nullable),
      primary || cells.at(column, cell::unique_constraint).has_value(),
      cells.at(column, cell::index).has_value(),
      primary,
      generated,
      generated ? text(cell::default_value) : nothing,
      cells.truth(column, cell::auto_increment),
      reference(fk::referenced_table),
      reference(fk::referenced_column)};
  Attributes result;
  result.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) result.add(keys[i], std::move(values[i]));
  return result;
}

}  // namespace reconcile::snapshot
