#pragma once

#include <string>

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// The schema `reconcile` of one database.
class LedgerStore : public Ledger {
 public:
  LedgerStore(Session& session, std::string actor) : session_(session), actor_(std::move(actor)) {}

  Result<LedgerState> read() override;
  Result<std::optional<std::string>> lock() override;
  Result<void> record_applied(const PassReport& report, std::string_view outcome,
                              std::span<const RecordedMigration> migrations,
                              std::span<const std::string> roots) override;
  void record_attempt(const PassReport& report, std::string_view outcome, std::string_view reason,
                      std::string_view error) noexcept override;
  Result<std::vector<Attempt>> history(std::size_t limit) override;

 private:
  Result<LedgerState> read_installed();
  Result<std::vector<std::string>> read_legacy();
  Result<bool> installed();
  Result<std::optional<std::string>> base();

  Session& session_;
  std::string actor_;
};

}  // namespace reconcile::postgres
