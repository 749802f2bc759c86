#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// DDL that looks at every row of a table: as one statement for a table that nobody uses, and the
/// way PostgreSQL offers around its long lock for one that is in use. Names are plain, not SQL; all
/// tables are of schema public.

Statement create_index(std::string_view table, std::string_view column, std::string_view name);

Statement add_unique(std::string_view table, std::string_view column, std::string_view name);

Statement set_not_null(std::string_view table, std::string_view column);

/// `constraint_name` and the place it is in.
struct ForeignKey {
  std::string_view table, column;
  std::string_view name;
  std::string_view other_table, other_column;
  std::string rules = {};  ///< "on update … on delete …"; may be empty
};

/// "CASCADE", as SQL; what is not known is NO ACTION.
std::string_view rule_sql(std::string_view wanted);

/// The constraint of a relation that has a schema. Its views live as long as that.
ForeignKey foreign_key(const Relation& relation);

/// `references …` with its rules, as it stands behind a column too.
std::string references_sql(const ForeignKey& key);

Statement add_foreign_key(const ForeignKey& key);

/// Of one that is there already, and does not count for older rows yet.
Statement validate_foreign_key(const ForeignKey& key);

/// What takes away the parts that `begun` has left of a change which `desired` does not ask for any
/// more: nobody else would miss them, but whoever writes to the table. `former_name`,
/// "table.column", is what they were called by. See unsettled().
std::vector<Statement> leftovers(const Field& begun, const Field& desired,
                                 std::string_view former_name);

}  // namespace reconcile::snapshot
