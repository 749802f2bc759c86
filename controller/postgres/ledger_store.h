#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// The schema `reconcile` of one database.
class LedgerStore : public Ledger {
 public:
  LedgerStore(Session& session, std::string actor) : session_(session), actor_(std::move(actor)) {}

  Result<LedgerState> read() override;
  Result<std::int64_t> lock() override;
  Result<void> record_applied(const PassReport& report, const AppliedRecord& record) override;
  void record_attempt(const PassReport& report, std::string_view outcome, std::string_view reason,
                      std::string_view error) noexcept override;
  void record_told(const std::string& instance) noexcept override;
  void record_not_told(const std::string& instance, std::string_view error) noexcept override;
  Result<std::vector<Attempt>> history(std::size_t limit) override;
  Result<std::vector<Stay>> stays() override;
  // ledger_approvals.cc
  Result<std::vector<Approval>> approvals() override;
  Result<void> approve(const Approval& approval) override;
  // ledger_suspension.cc
  Result<Suspension> suspend(std::string_view reason,
                             std::optional<std::chrono::seconds> length) override;
  Result<void> resume() override;

 private:
  /// What is there of the schema. Tables of an earlier version are read as they are, and completed
  /// in the next apply.
  struct Installed {
    int layout = 0;  ///< number in the schema's comment; 1 before it had one, 0 without a ledger
    std::set<std::string, std::less<>> tables;

    explicit operator bool() const { return layout > 0; }
    bool has(std::string_view table) const { return tables.contains(table); }
  };
  Result<LedgerState> read_installed(bool names_stale);
  Result<Installed> installed();
  Result<void> say(std::string_view outcome, std::string_view reason, const std::string& until);
  Result<std::vector<StaleInstance>> read_stale();
  Result<std::vector<std::string>> read_legacy();

  Session& session_;
  std::string actor_;
};

}  // namespace reconcile::postgres
