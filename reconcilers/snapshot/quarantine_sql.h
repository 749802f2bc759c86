#pragma once

#include <string>
#include <string_view>

namespace reconcile::snapshot {

/// Calls of the functions that the executor puts in the place of DROP: nothing that a plan removes
/// is gone, it is in the schema reconcile_quarantine. None of them drops what others depend on.

/// Writes down what is about to go, with the constraints and metadata rows that other steps take.
/// `kind` is collection, field or relation; `field` is empty for a collection.
std::string remember_sql(std::string_view kind, std::string_view collection,
                         std::string_view field = {});

/// Moves the table there.
std::string take_table_sql(std::string_view collection);

/// Copies the column's values there, with the keys of their rows, and drops it.
std::string take_column_sql(std::string_view collection, std::string_view field);

}  // namespace reconcile::snapshot
