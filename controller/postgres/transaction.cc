#include "controller/postgres/transaction.h"

#include <fmt/format.h>

#include <utility>

namespace reconcile::postgres {

Result<Transaction> Transaction::begin(Session& session,
                                       std::optional<std::chrono::milliseconds> lock_timeout) {
  std::string sql = "begin";
  if (lock_timeout) sql += fmt::format("; set local lock_timeout = {}", lock_timeout->count());
  if (auto begun = session.execute(sql); !begun) return begun.error();
  return Transaction(session);
}

Result<void> Transaction::commit() { return std::exchange(session_, nullptr)->execute("commit"); }

Transaction::Transaction(Transaction&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)) {}

Transaction::~Transaction() {
  if (session_ != nullptr) static_cast<void>(session_->execute("rollback"));
}

}  // namespace reconcile::postgres
