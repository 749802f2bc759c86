#include "controller/postgres/pooler.h"

namespace reconcile::postgres {
namespace {

constexpr int tries = 8;

Result<std::string> backend_of(Session& session) {
  auto backend = session.query("select pg_catalog.pg_backend_pid()");
  if (!backend) return backend.error();
  return std::string(backend->text(0, 0));
}

/// Whether another session gets this one's backend, which a pooler in session mode never allows.
/// The backend is held by a transaction and given back last, so that a pooler gives it out first:
/// PgBouncer does so unless server_round_robin is on.
Result<bool> shares_its_backend(Session& session, Session& other) {
  if (auto begun = session.execute("begin"); !begun) return begun.error();
  auto ours = backend_of(session);
  if (!ours) return ours.error();
  if (auto theirs = backend_of(other); !theirs) return theirs.error();
  if (auto ended = session.execute("commit"); !ended) return ended.error();
  auto theirs = backend_of(other);
  if (!theirs) return theirs.error();
  auto now = backend_of(session);
  if (!now) return now.error();
  return *theirs == *ours || *now != *ours;
}

}  // namespace

Result<void> refuse_pooler(Session& session, const std::string& conninfo) {
  if (session.is_direct()) return {};
  auto other = Session::connect(conninfo);
  if (!other) return other.error();
  for (int i = 0; i < tries; ++i) {
    auto shares = shares_its_backend(session, **other);
    if (!shares) return shares.error();
    if (!*shares) continue;
    // What a session has set stays with the backend, and others get that next.
    for (Session* one : {&session, other->get()}) static_cast<void>(one->execute("reset all"));
    return Error{.kind = ErrorKind::Terminal,
                 .where = session.address(),
                 .what = "a connection pooler in transaction mode stands before this database",
                 .why =
                     "two sessions were given the same backend, so no lock or setting is a "
                     "session's own",
                 .next =
                     "connect to PostgreSQL itself, or to a pool in session mode (PgBouncer: "
                     "pool_mode = session for this database)"};
  }
  return {};
}

}  // namespace reconcile::postgres
