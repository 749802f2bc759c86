#pragma once

#include <string>

#include "controller/postgres/session.h"
#include "reconcilers/ports/quarantine.h"

namespace reconcile::postgres {

/// The schema reconcile_quarantine of one database, and the table that says what is in it.
class QuarantineStore : public Quarantine {
 public:
  QuarantineStore(Session& session, std::string actor)
      : session_(session), actor_(std::move(actor)) {}

  Result<std::vector<QuarantineEntry>> list() override;
  Result<std::vector<std::string>> restore(std::int64_t id, std::chrono::milliseconds lock_timeout,
                                           std::span<const std::string> instances) override;
  Result<void> purge(std::span<const std::int64_t> ids,
                     std::chrono::milliseconds lock_timeout) override;

 private:
  Result<void> prepare();
  Result<void> tell_later(std::span<const std::string> instances);

  Session& session_;
  std::string actor_;
};

}  // namespace reconcile::postgres
