#pragma once

#include <string>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// SQL that makes the tables of Directus as the database at `conninfo` has them: without rows but
/// those of directus_migrations, and without what snapshots add to them. Errors: Directus is not
/// installed there.
Result<std::string> directus_tables(const std::string& conninfo);

/// Runs SQL that makes such tables, written by directus_tables() or by `pg_dump --schema-only`.
/// Errors name the line in `file`.
Result<void> make_directus_tables(const std::string& conninfo, std::string sql,
                                  const std::string& file);

}  // namespace reconcile::postgres
