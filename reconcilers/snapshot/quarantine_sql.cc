#include "reconcilers/snapshot/quarantine_sql.h"

#include <fmt/format.h>

#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {

using sql::quote_literal;

std::string remember_sql(std::string_view kind, std::string_view collection,
                         std::string_view field) {
  return fmt::format("select reconcile_quarantine.remember({}, {}, {})", quote_literal(kind),
                     quote_literal(collection), quote_literal(field));
}

std::string take_table_sql(std::string_view collection) {
  return fmt::format("select reconcile_quarantine.take_table({})", quote_literal(collection));
}

std::string take_column_sql(std::string_view collection, std::string_view field) {
  return fmt::format("select reconcile_quarantine.take_column({}, {})", quote_literal(collection),
                     quote_literal(field));
}

}  // namespace reconcile::snapshot
