#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "reconcilers/core/text_table.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

Value string_value(std::string_view text);

/// A whole number as the server prints it; 0 for anything else.
std::int64_t integer_of(std::string_view text);

/// Type oids of metadata columns, from PostgreSQL's pg_type.dat.
enum class CellType { Text, Boolean, Integer, Json, Csv };
CellType cell_type(const TextTable::Column& column);

/// A cell of a metadata table as the value a snapshot file has for it.
Value cell_value(std::optional<std::string_view> cell, CellType type);

/// A column default as Directus shows it in a field of this type (see field_type): literals without
/// quotes and cast, expressions as they are.
Value projected_default(std::optional<std::string_view> expression, std::string_view type);

}  // namespace reconcile::snapshot
