#include "controller/postgres/directus_tables.h"

#include <fmt/format.h>

#include "controller/postgres/session.h"
#include "postgres_sql.h"
#include "reconcilers/sql/quote.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::postgres {
namespace {

/// Which tables these are, in Directus' own words.
Result<std::string> directus_migrations(Session& session) {
  auto there = session.query("select pg_catalog.to_regclass('public.directus_migrations') is null");
  if (!there) return there.error();
  if (there->truth(0, 0)) return std::string();
  auto rows = session.query("select version, name from public.directus_migrations order by 1");
  if (!rows) return rows.error();
  std::string sql;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    sql += fmt::format("{}\n  ({}, {})", row == 0 ? "" : ",",
                       reconcile::sql::quote_literal(rows->text(row, 0)),
                       reconcile::sql::quote_literal(rows->text(row, 1)));
  }
  if (sql.empty()) return sql;
  return "insert into public.directus_migrations (version, name) values" + sql + ";\n";
}

/// pg_dump frames its output in commands that only psql knows.
void blank_psql_commands(std::string& sql) {
  for (std::size_t begin = 0; begin < sql.size();) {
    const std::size_t end = std::min(sql.find('\n', begin), sql.size());
    const std::string_view line = std::string_view(sql).substr(begin, end - begin);
    if (line.starts_with("\\restrict ") || line.starts_with("\\unrestrict "))
      sql.replace(begin, end - begin, end - begin, ' ');
    begin = end + 1;
  }
}

}  // namespace

Result<std::string> directus_tables(const std::string& conninfo) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  auto installed = (*session)->query(sql::directus_installed);
  if (!installed) return installed.error();
  if (!installed->truth(0, 0)) {
    return Error{.where = (*session)->address(),
                 .what = "it has no tables of Directus to go by",
                 .why = "Directus is not installed there",
                 .next = "name a database in which it is"};
  }
  if (auto path = (*session)->execute("set search_path = ''"); !path) return path.error();
  auto statements = (*session)->query(sql::directus_tables);
  if (!statements) return statements.error();
  std::string text =
      "-- The tables of Directus, for `reconcile verify`, as `--write-directus-tables` writes "
      "them.\n\n";
  for (std::size_t row = 0; row < statements->rows(); ++row)
    text += std::string(statements->text(row, 0)) + ";\n";
  auto migrations = directus_migrations(**session);
  if (!migrations) return migrations.error();
  return text + *migrations;
}

Result<void> make_directus_tables(const std::string& conninfo, std::string sql,
                                  const std::string& file) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  blank_psql_commands(sql);
  auto done = (*session)->execute(sql);
  if (done) return {};
  Error error = done.error();
  const std::size_t at = reconcile::sql::byte_offset(sql, error.position);
  error.where =
      error.position == 0 ? file : reconcile::sql::place(file, reconcile::sql::line_at(sql, at));
  error.what = "the tables of Directus cannot be made";
  error.next = "write the file anew with `reconcile verify --write-directus-tables`";
  return error;
}

}  // namespace reconcile::postgres
