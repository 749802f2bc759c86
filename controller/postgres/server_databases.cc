#include "controller/postgres/server_databases.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>

#include "controller/postgres/server_address.h"
#include "controller/postgres/session.h"

namespace reconcile::postgres {

Result<std::vector<std::string>> databases_like(const std::string& conninfo,
                                                const std::string& pattern) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  auto rows = (*session)->query(
      "select datname from pg_catalog.pg_database where datallowconn and not datistemplate and "
      "datname like $1 order by datname collate \"C\"",
      {pattern});
  if (!rows) return rows.error();
  std::vector<std::string> names;
  for (std::size_t row = 0; row < rows->rows(); ++row) names.emplace_back(rows->text(row, 0));
  return names;
}

std::string with_database(const std::string& conninfo, const std::string& database) {
  using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
  const Options options(PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  std::string text = "dbname=" + conninfo_value(database);
  for (const PQconninfoOption* option = options.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "dbname") continue;
    text += fmt::format(" {}={}", option->keyword, conninfo_value(option->val));
  }
  return text;
}

}  // namespace reconcile::postgres
