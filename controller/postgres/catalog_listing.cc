#include "controller/postgres/catalog_listing.h"

#include <algorithm>

#include "controller/postgres/session.h"
#include "postgres_sql.h"

namespace reconcile::postgres {

Result<std::vector<CatalogEntry>> catalog_listing(const std::string& conninfo) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  if (auto path = (*session)->execute("set search_path = ''"); !path) return path.error();
  auto installed = (*session)->query(sql::directus_installed);
  if (!installed) return installed.error();
  std::vector<std::string_view> queries{sql::catalog_listing};
  if (installed->truth(0, 0)) queries.push_back(sql::directus_listing);
  std::vector<CatalogEntry> entries;
  for (const std::string_view query : queries) {
    auto rows = (*session)->query(query);
    if (!rows) return rows.error();
    for (std::size_t row = 0; row < rows->rows(); ++row)
      entries.push_back({{std::string(rows->text(row, 0)), std::string(rows->text(row, 1))},
                         std::string(rows->text(row, 2))});
  }
  std::ranges::sort(entries);
  return entries;
}

}  // namespace reconcile::postgres
