#pragma once

#include <functional>
#include <memory>

#include "controller/cli/serve_work.h"
#include "controller/loop/board.h"
#include "reconcilers/ports/fleet.h"

namespace reconcile::cli {

/// The running controller for those who look at it and ask things of it. Safe from any thread.
class ServeFleet : public Fleet {
 public:
  /// `work` returns that of the configuration that counts now.
  /// Who hears of what people do.
  struct Witnesses {
    std::function<void(PassReport)> passed;  ///< of a pass that may change what the loop knows
    std::function<void()> approved;
    std::function<void()> healed;
  };
  ServeFleet(const loop::Board& board, std::function<std::shared_ptr<ServeWork>()> work,
             Witnesses witnesses)
      : board_(board), work_(std::move(work)), witnesses_(std::move(witnesses)) {}

  std::vector<TargetStatus> targets() const override { return board_.all(); }
  std::optional<TargetStatus> target(std::string_view name) const override {
    return board_.find(name);
  }
  Result<PassReport> plan(std::string_view target) override;
  Result<std::vector<Attempt>> history(std::string_view target, std::size_t limit) override;
  Result<std::vector<Revision>> commits(std::string_view target, std::size_t limit) override;
  Result<std::vector<ObjectRecord>> blame(std::string_view target,
                                          std::string_view object) override;
  Result<std::vector<QuarantineEntry>> quarantine(std::string_view target) override;
  Result<void> look_again(std::string_view target) override;
  Result<Approval> approve(std::string_view target, std::string_view plan_digest,
                           std::string_view reason, std::string_view actor) override;
  Result<Suspension> suspend(std::string_view target, std::string_view reason,
                             std::optional<std::chrono::seconds> length,
                             std::string_view actor) override;
  Result<void> resume(std::string_view target, std::string_view actor) override;
  Result<PassReport> heal(std::string_view target, std::string_view actor) override;
  Result<std::vector<std::string>> restore(std::string_view target, std::int64_t entry,
                                           std::string_view actor) override;

 private:
  const loop::Board& board_;
  std::function<std::shared_ptr<ServeWork>()> work_;
  Witnesses witnesses_;
};

}  // namespace reconcile::cli
