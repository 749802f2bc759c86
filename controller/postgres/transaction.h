#pragma once

#include <chrono>
#include <optional>

#include "controller/postgres/session.h"

namespace reconcile::postgres {

/// A transaction of a command of its own, beside passes. Rolled back unless it is committed.
class Transaction {
 public:
  /// Without a time, locks are waited for as long as the server's setting says.
  static Result<Transaction> begin(Session& session,
                                   std::optional<std::chrono::milliseconds> lock_timeout);
  Result<void> commit();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

 private:
  explicit Transaction(Session& session) : session_(&session) {}
  Session* session_;
};

}  // namespace reconcile::postgres
