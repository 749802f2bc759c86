#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/catalog_facts.h"

namespace reconcile::sql {

/// A column's type, taken apart.
struct ColumnType {
  std::string base;            ///< as format_type() calls it: "character varying"
  std::vector<int> modifiers;  ///< (10, 2); empty where there are none
  bool array = false;

  bool operator==(const ColumnType&) const = default;
};

/// Of a TypeName in a parse tree, and of a column in the catalog.
ColumnType type_in_tree(const boost::json::object& type_name);
ColumnType type_in_catalog(const CatalogFacts::Column& column);

/// What changing a column's type does to the rows that are there.
struct TypeChange {
  bool rewrites = true;
  std::string loss;  ///< "digits behind the point are rounded away"; empty where nothing is lost
};

/// `from` is empty where it is not known. `cast` says that USING casts the column explicitly, which
/// cuts what an assignment would refuse. `utc` says that the session's time zone is UTC, where both
/// timestamps look the same.
TypeChange change_of_type(const std::optional<ColumnType>& from, const ColumnType& to, bool cast,
                          bool utc);

}  // namespace reconcile::sql
