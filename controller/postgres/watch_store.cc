#include "controller/postgres/watch_store.h"

#include <boost/json.hpp>

#include "controller/postgres/transaction.h"
#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

/// The triggers lock tables that every request of Directus needs, and whoever comes after us while
/// we wait for them waits as well. A later pass finds them free.
constexpr std::chrono::milliseconds lock_timeout{200};

/// What is no text is left out: a database whose encoding is SQL_ASCII may hold any bytes.
std::vector<std::string> names_in(std::string_view json) {
  std::vector<std::string> names;
  boost::system::error_code unreadable;
  const boost::json::value parsed = boost::json::parse(json, unreadable);
  if (unreadable || !parsed.is_array()) return names;
  for (const boost::json::value& name : parsed.get_array()) {
    if (name.is_string()) names.emplace_back(name.get_string());
  }
  return names;
}

}  // namespace

Result<std::string> WatchStore::keep() {
  auto there = session_.query(sql::watch_there);
  if (!there) return there.error();
  if (!there->truth(0, 0)) {
    auto transaction = Transaction::begin(session_, lock_timeout);
    if (!transaction) return transaction.error();
    if (auto made = session_.execute(sql::watch_make); !made) return made.error();
    if (auto done = transaction->commit(); !done) return done.error();
  }
  if (there->truth(0, 1)) return std::string();
  auto transaction = Transaction::begin(session_, lock_timeout);
  if (!transaction) return transaction.error();
  auto made = session_.execute(sql::watch_ddl);
  if (made) made = transaction->commit();
  if (made) return std::string();
  if (made.error().sqlstate != "42501") return made.error();
  return std::string(
      "changes of the schema are found at the next look only, since nobody but a superuser may "
      "make event triggers; one who trusts this role as himself may run: create event trigger "
      "reconcile_ddl on ddl_command_end execute function reconcile.note_ddl(); create event "
      "trigger reconcile_drop on sql_drop execute function reconcile.note_ddl()");
}

Result<void> WatchStore::remove() {
  auto transaction = Transaction::begin(session_, lock_timeout);
  if (!transaction) return transaction.error();
  if (auto gone = session_.execute(sql::watch_remove); !gone) return gone;
  return transaction->commit();
}

Result<std::vector<Witness>> WatchStore::changes() {
  auto rows = session_.query(sql::watch_changes);
  if (!rows) return rows.error();
  std::vector<Witness> changes;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    changes.push_back({.at = std::string(rows->text(row, 0)),
                       .role = std::string(rows->text(row, 1)),
                       .application = std::string(rows->text(row, 2)),
                       .address = std::string(rows->text(row, 3)),
                       .command = std::string(rows->text(row, 4)),
                       .objects = names_in(rows->text(row, 5)),
                       .statement = std::string(rows->text(row, 6))});
  }
  return changes;
}

}  // namespace reconcile::postgres
