#include "controller/postgres/watch_store.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "controller/postgres/transaction.h"
#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

/// The triggers lock tables that every request of Directus needs, and whoever comes after us while
/// we wait for them waits as well. A later pass finds them free.
constexpr std::chrono::milliseconds lock_timeout{200};

struct EventTrigger {
  std::string_view name;
  std::string_view event;
  bool there = false;
};

std::string creation_of(const EventTrigger& trigger) {
  return fmt::format("create event trigger {} on {} execute function reconcile.note_ddl()",
                     trigger.name, trigger.event);
}

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

Result<void> run_at_once(Session& session, std::string_view sql) {
  auto transaction = Transaction::begin(session, lock_timeout);
  if (!transaction) return transaction.error();
  if (auto made = session.execute(sql); !made) return made;
  return transaction->commit();
}

}  // namespace

Result<std::string> WatchStore::keep() {
  auto there = session_.query(sql::watch_there);
  if (!there) return there.error();
  if (!there->truth(0, 0)) {
    if (auto made = run_at_once(session_, sql::watch_make); !made) return made.error();
  }
  const bool may = there->truth(0, 3);
  std::string missing;
  for (const EventTrigger& trigger :
       {EventTrigger{"reconcile_ddl", "ddl_command_end", there->truth(0, 1)},
        EventTrigger{"reconcile_drop", "sql_drop", there->truth(0, 2)}}) {
    if (trigger.there) continue;
    const std::string creation = creation_of(trigger);
    // To try in vain would be an error in the server's log at each pass.
    if (may) {
      const auto made = run_at_once(
          session_, fmt::format("drop event trigger if exists {}; {}", trigger.name, creation));
      if (made) continue;
      if (made.error().sqlstate != "42501") return made.error();
    }
    missing += (missing.empty() ? "" : "; ") + creation;
  }
  if (missing.empty()) return missing;
  return "changes of the schema are found at the next look only, since nobody but a superuser may "
         "make event triggers; one who trusts this role as himself may run: " +
         missing;
}

Result<void> WatchStore::remove() { return run_at_once(session_, sql::watch_remove); }

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
