#include "controller/postgres/alert_book.h"

#include "controller/postgres/session.h"
#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

/// Null where there is no place.
Result<std::unique_ptr<Session>> open(const std::string& conninfo) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  auto place = (*session)->query(sql::alert_book_place);
  if (!place) return place.error();
  if (!place->truth(0, 0)) session->reset();
  return session;
}

}  // namespace

Result<AlertBookRow> read_alert_book(const std::string& conninfo, const std::string& target) {
  auto session = open(conninfo);
  if (!session) return session.error();
  if (!*session) return AlertBookRow();
  auto rows = (*session)->query("select version, book from reconcile.alert_book where target = $1",
                                {target});
  if (!rows) return rows.error();
  if (rows->rows() == 0) return AlertBookRow{.has_place = true, .text = {}};
  return AlertBookRow{
      .has_place = true, .version = rows->number(0, 0), .text = std::string(rows->text(0, 1))};
}

Result<AlertBookRow> write_alert_book(const std::string& conninfo, const std::string& target,
                                      const std::string& text, const Fence& fence) {
  auto session = open(conninfo);
  if (!session) return session.error();
  if (!*session) return AlertBookRow();
  auto rows = (*session)->query(sql::alert_book_write, {target, text, std::to_string(fence.backend),
                                                        std::to_string(fence.key)});
  if (!rows) return rows.error();
  return AlertBookRow{
      .has_place = true, .version = rows->rows() == 0 ? 0 : rows->number(0, 0), .text = {}};
}

Result<void> remove_alert_book(const std::string& conninfo, const std::string& target,
                               std::int64_t version) {
  auto session = open(conninfo);
  if (!session) return session.error();
  if (!*session) return {};
  auto rows =
      (*session)->query("delete from reconcile.alert_book where target = $1 and version = $2",
                        {target, std::to_string(version)});
  if (!rows) return rows.error();
  return {};
}

}  // namespace reconcile::postgres
