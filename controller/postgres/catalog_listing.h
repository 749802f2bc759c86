#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/catalog_entry.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// Every object of the database at `conninfo`, the metadata rows of Directus among them, by kind
/// and name.
Result<std::vector<CatalogEntry>> catalog_listing(const std::string& conninfo);

}  // namespace reconcile::postgres
