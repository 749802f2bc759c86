#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// A session-level advisory lock. It is only ever tried, never waited for: a waiter would hold a
/// snapshot, and CREATE INDEX CONCURRENTLY in the holder would wait for that snapshot for ever
/// (flyway#1654).
class SessionLease : public Lease {
 public:
  explicit SessionLease(Session& session) : session_(session) {}
  Result<std::optional<std::string>> try_acquire() override;
  Result<bool> still_leads(const Fence& fence) override;

 private:
  Session& session_;
};

}  // namespace reconcile::postgres
