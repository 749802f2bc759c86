#include "controller/postgres/session_lease.h"

#include "postgres_sql.h"

namespace reconcile::postgres {

Result<std::optional<std::string>> SessionLease::try_acquire() {
  // The key spells "Reconcil". Advisory locks are per database, so one key serves every target.
  auto got = session_.query("select pg_catalog.pg_try_advisory_lock(1382376303, 1852008812)");
  if (!got) return got.error();
  if (got->truth(0, 0)) return std::optional<std::string>();
  auto holder = session_.query(sql::lease_holder);
  if (!holder) return holder.error();
  if (holder->rows() == 0) return std::optional<std::string>("another session that has just ended");
  return std::optional<std::string>(std::string(holder->text(0, 0)));
}

Result<bool> SessionLease::still_leads(const Fence& fence) {
  // The locks of all databases of the server are in this view: the lease may be in another one.
  auto held = session_.query(
      "select exists (select from pg_catalog.pg_locks where locktype = 'advisory' and granted and "
      "pid = $1::int and objsubid = 1 and mode = 'ExclusiveLock' and (classid::bigint << 32 | "
      "objid::bigint) = $2::bigint)",
      {std::to_string(fence.backend), std::to_string(fence.key)});
  if (!held) return held.error();
  return held->truth(0, 0);
}

}  // namespace reconcile::postgres
