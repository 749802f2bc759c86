#pragma once

#include <atomic>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "reconcilers/ports/fleet.h"

namespace reconcile::test {

/// A fleet of values: what it is asked to do is written down, and what it says can be made late or
/// an error.
class FakeFleet final : public Fleet {
 public:
  FakeFleet();

  std::vector<TargetStatus> targets() const override;
  std::optional<TargetStatus> target(std::string_view name) const override;
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

  /// "approve prod 7c31 reason by mia", …
  std::vector<std::string> done() const;
  /// From now on every call that asks or acts fails with it.
  void fail(Error error);
  /// From now on plan() waits, and says when it does, until release().
  void hold_plans();
  void wait_for_plan();
  void release_plans();

  std::vector<TargetStatus> statuses;  ///< to be changed before anybody asks
  static const std::string hostile_name;

 private:
  template <class Value>
  Result<Value> unless_failed(std::string what, Value value);

  mutable std::mutex mutex_;
  std::vector<std::string> done_;
  std::optional<Error> error_;
  std::promise<void> planning_;
  std::promise<void> released_;
  std::shared_future<void> release_;
  bool holding_ = false;
};

PassReport sample_report(const std::string& target);
TargetStatus sample_status(const std::string& target);

}  // namespace reconcile::test
