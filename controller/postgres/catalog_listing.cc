#include "controller/postgres/catalog_listing.h"

#include <algorithm>

#include "controller/postgres/catalog_inventory.h"
#include "controller/postgres/scope.h"
#include "controller/postgres/session.h"
#include "postgres_sql.h"

namespace reconcile::postgres {

Result<std::vector<CatalogEntry>> catalog_listing(const std::string& conninfo) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  ReadScope scope(**session);
  if (auto set = (*session)->execute(inventory_settings); !set) return set.error();
  auto installed = (*session)->query(sql::directus_installed);
  if (!installed) return installed.error();
  // The rows of Directus are compared by a query of their own, because their order counts here.
  std::vector<std::string> queries{over_inventory(sql::catalog_listing, false)};
  if (installed->truth(0, 0)) queries.emplace_back(sql::directus_listing);
  std::vector<CatalogEntry> entries;
  for (const std::string& query : queries) {
    auto rows = (*session)->query(query);
    if (!rows) return rows.error();
    for (std::size_t row = 0; row < rows->rows(); ++row)
      entries.push_back({{std::string(rows->text(row, 0)), std::string(rows->text(row, 1))},
                         std::string(rows->text(row, 2))});
  }
  if (auto closed = scope.close(); !closed) return closed.error();
  std::ranges::sort(entries);
  return entries;
}

}  // namespace reconcile::postgres
