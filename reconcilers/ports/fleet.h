#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/approval.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/core/quarantine.h"
#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/status/target_status.h"

namespace reconcile {

/// A running controller, as its API and its dashboard see it. Every call is safe from any thread.
/// An unknown target is an error of kind Usage.
class Fleet {
 public:
  virtual ~Fleet() = default;

  // Known already: these never wait for a database.

  /// Worst first, equal ones by name.
  virtual std::vector<TargetStatus> targets() const = 0;
  virtual std::optional<TargetStatus> target(std::string_view name) const = 0;

  // These ask the database or git, and block.

  /// A dry run of now.
  virtual Result<PassReport> plan(std::string_view target) = 0;
  virtual Result<std::vector<Attempt>> history(std::string_view target, std::size_t limit) = 0;
  /// The branch's newest commits, newest first.
  virtual Result<std::vector<Revision>> commits(std::string_view target, std::size_t limit) = 0;
  virtual Result<std::vector<ObjectRecord>> blame(std::string_view target,
                                                  std::string_view object) = 0;
  virtual Result<std::vector<QuarantineEntry>> quarantine(std::string_view target) = 0;

  // These act; `actor` goes into the ledger.

  /// Makes a pass as soon as one is possible, of one target or (an empty name) of all.
  virtual Result<void> look_again(std::string_view target) = 0;
  /// Allows what the plan of that digest loses, where it is still the plan of now.
  virtual Result<Approval> approve(std::string_view target, std::string_view plan_digest,
                                   std::string_view reason, std::string_view actor) = 0;
  virtual Result<Suspension> suspend(std::string_view target, std::string_view reason,
                                     std::optional<std::chrono::seconds> length,
                                     std::string_view actor) = 0;
  virtual Result<void> resume(std::string_view target, std::string_view actor) = 0;
  /// Brings back what git made and somebody changed.
  virtual Result<PassReport> heal(std::string_view target, std::string_view actor) = 0;
  /// Brings an entry of the quarantine back; returns what could not come with it.
  virtual Result<std::vector<std::string>> restore(std::string_view target, std::int64_t entry,
                                                   std::string_view actor) = 0;
};

}  // namespace reconcile
