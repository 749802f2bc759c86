#include "controller/postgres/scope.h"

#include <utility>

namespace reconcile::postgres {

Result<ReadScope> ReadScope::open(Session& session) {
  const bool nested = session.in_transaction();
  auto begun = session.execute(nested ? "savepoint reconcile_read"
                                      : "begin isolation level repeatable read read only");
  if (!begun) return begun.error();
  return ReadScope(session, nested);
}

Result<void> ReadScope::close() {
  Session* session = std::exchange(session_, nullptr);
  return session->execute(
      nested_ ? "rollback to savepoint reconcile_read; release savepoint reconcile_read"
              : "rollback");
}

ReadScope::ReadScope(ReadScope&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), nested_(other.nested_) {}

ReadScope::~ReadScope() {
  if (session_ != nullptr) static_cast<void>(close());
}

}  // namespace reconcile::postgres
