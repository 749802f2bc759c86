#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The databases of the server whose names are LIKE `pattern`, in their order: those that take
/// connections and are no templates.
Result<std::vector<std::string>> databases_like(const std::string& conninfo,
                                                const std::string& pattern);

/// Only what the connection string itself says, with another database: libpq adds its environment.
std::string with_database(const std::string& conninfo, const std::string& database);

}  // namespace reconcile::postgres
