#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/live_values.h"

namespace reconcile::snapshot {

/// The rows of one metadata table, decoded once per column instead of once per cell.
class MetadataRows {
 public:
  /// `ordered`: with the keys of all their values in the order of a file.
  MetadataRows(const TextTable& rows, bool ordered);

  std::size_t size() const { return rows_.rows(); }
  /// Empty where the table has no such column.
  std::string_view text(std::size_t row, std::string_view column) const;
  /// Every column but the id.
  Attributes attributes(std::size_t row) const;
  long id(std::size_t row) const;

 private:
  struct Column {
    std::size_t position;
    Key key;
    CellType type;
  };
  const TextTable& rows_;
  bool ordered_;
  std::vector<Column> columns_;  ///< without the id
};

/// One projection. Private to live.cc and live_fields.cc; project() and project_as() are the ways
/// in.
class Projection {
 public:
  /// `directus` is null for a projection that shows everything once.
  Projection(const LiveState& live, const DirectusTraits* directus);
  Snapshot run();

 private:
  // live.cc
  void collections();
  void relations();
  std::optional<std::size_t> relation_row(std::size_t foreign_key) const;
  void relation(std::optional<std::size_t> foreign_key, std::optional<std::size_t> row);
  bool untracked() const { return directus_ == nullptr || directus_->lists_untracked; }

  // live_fields.cc
  void fields();
  void column(std::size_t column);
  void alias_fields();
  bool has_fields(std::string_view collection) const;
  Attributes column_schema(std::size_t column, std::string_view type) const;

  using Rows = std::vector<std::size_t>;

  const LiveState& live_;
  const DirectusTraits* directus_;
  MetadataRows collection_rows_, field_rows_, relation_rows_;
  std::unordered_map<std::string, std::size_t> field_row_;  ///< lowest id wins, as in Directus
  std::unordered_map<std::string, Rows> relation_rows_by_field_;
  std::unordered_map<std::string, std::size_t> foreign_key_;  ///< the first of each column
  std::unordered_set<std::string_view> keyed_tables_;
  std::unordered_set<std::size_t> used_field_rows_;
  Snapshot snapshot_;
};

/// The order of the columns of catalog_columns.sql and catalog_foreign_keys.sql.
namespace column_cell {
enum : std::size_t {
  table,
  name,
  data_type,
  max_length,
  precision,
  scale,
  default_value,
  nullable,
  unique_constraint,
  index,
  primary_key,
  generated,
  auto_increment
};
}  // namespace column_cell
namespace foreign_key_cell {
enum : std::size_t {
  table,
  column,
  referenced_table,
  referenced_column,
  constraint,
  on_update,
  on_delete,
  validated
};
}  // namespace foreign_key_cell

/// "collection\0field".
std::string pair_name(std::string_view first, std::string_view second);

/// DB_EXCLUDE_TABLES of a Directus that was not told otherwise.
bool is_excluded(std::string_view table);

}  // namespace reconcile::snapshot
