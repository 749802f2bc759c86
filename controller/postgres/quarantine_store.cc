#include "controller/postgres/quarantine_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "controller/postgres/transaction.h"
#include "postgres_sql.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {
namespace {

using reconcile::sql::quote_literal;

/// What the functions raise says what is in the way, and its hint is the way out.
Error in_the_way(Error error, const std::string& what) {
  error.what = what;
  if (error.sqlstate == "23503" || error.sqlstate == "23505" || error.sqlstate == "23514")
    error.next = "mend the rows that are named, here or in the quarantine, and try again";
  if (error.sqlstate == "55P03")
    error.next = "somebody else holds a lock on it: see pg_stat_activity, or try again";
  if (error.next.empty()) error.next = "take away what is in the way, and try again";
  return error;
}

}  // namespace

Result<std::vector<QuarantineEntry>> QuarantineStore::list() {
  std::vector<QuarantineEntry> entries;
  auto there = session_.query("select pg_catalog.to_regclass('reconcile.quarantine') is not null");
  if (!there) return there.error();
  if (!there->truth(0, 0)) return entries;
  auto rows = session_.query(sql::quarantine_list);
  if (!rows) return rows.error();
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const auto text = [&](std::size_t column) { return std::string(rows->text(row, column)); };
    const std::string field = text(3);
    QuarantineEntry entry;
    entry.id = rows->number(row, 0);
    entry.object = {text(1), field.empty() ? text(2) : text(2) + "." + field};
    entry.place = text(4);
    if (rows->at(row, 5)) entry.rows = rows->number(row, 5);
    entry.removed_by = text(6);
    entry.removed_at = text(7);
    entry.purge_after = text(8);
    entry.expired = rows->truth(row, 9);
    entry.age_seconds = rows->number(row, 10);
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// No apply may run beside it: its plan would be for a database that is another one meanwhile.
Result<void> QuarantineStore::prepare() {
  return session_.execute(
      std::string("lock table reconcile.revision in share row exclusive mode;\n")
          .append(sql::quarantine_restore));
}

/// A Directus that runs does not know of what has come back; the next pass tells it.
Result<void> QuarantineStore::tell_later(std::span<const std::string> instances) {
  if (instances.empty()) return {};
  std::string names;
  for (const std::string& name : instances)
    names += (names.empty() ? "" : ", ") + quote_literal(name);
  return session_.execute(fmt::format(
      "insert into reconcile.stale_instance (name, revision) select n.name, r.commit "
      "from unnest(array[{}]) n(name), (select commit from reconcile.revision where applied "
      "order by id desc limit 1) r on conflict do nothing",
      names));
}

Result<std::vector<std::string>> QuarantineStore::restore(std::int64_t id,
                                                          std::chrono::milliseconds lock_timeout,
                                                          std::span<const std::string> instances) {
  const auto failed = [id](Error error) {
    return in_the_way(std::move(error), fmt::format("{} could not be brought back", id));
  };
  auto transaction = Transaction::begin(session_, lock_timeout);
  if (!transaction) return transaction.error();
  if (auto prepared = prepare(); !prepared) return failed(prepared.error());
  auto rows = session_.query("select * from reconcile_quarantine.restore($1::bigint, $2)",
                             {std::to_string(id), actor_});
  if (!rows) return failed(rows.error());
  if (auto later = tell_later(instances); !later) return failed(later.error());
  if (auto done = transaction->commit(); !done) return failed(done.error());
  std::vector<std::string> notes;
  for (std::size_t row = 0; row < rows->rows(); ++row) notes.emplace_back(rows->text(row, 0));
  return notes;
}

Result<void> QuarantineStore::purge(std::span<const std::int64_t> ids,
                                    std::chrono::milliseconds lock_timeout) {
  auto transaction = Transaction::begin(session_, lock_timeout);
  if (!transaction) return transaction.error();
  if (auto prepared = prepare(); !prepared)
    return in_the_way(prepared.error(), "nothing could be purged");
  auto purged =
      session_.query(fmt::format("select reconcile_quarantine.purge(array[{}]::bigint[], $1)",
                                 fmt::join(ids, ", ")),
                     {actor_});
  if (!purged) return in_the_way(purged.error(), "nothing was purged");
  return transaction->commit();
}

}  // namespace reconcile::postgres
