#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reconcilers/core/error.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/core/stay.h"
#include "reconcilers/core/suspension.h"

namespace reconcile {

struct InSync {};
struct Applied {};
struct Pending {};  ///< a dry run found steps
struct Skipped {};  ///< the target's mode is skip
struct Held {
  std::vector<Hold> holds;  ///< never empty; the first names the outcome
};
struct Failed {
  Stage stage;
  Error error;
};

/// What one pass came to. Exactly one of these; one std::visit turns it into log, ledger row and
/// exit code.
using Outcome = std::variant<InSync, Applied, Pending, Skipped, Held, Failed>;

/// One pass over one target, complete.
struct PassReport {
  std::string target;
  Revision revision;                ///< the candidate; empty commit when it could not be fetched
  std::optional<std::string> base;  ///< commit applied before this pass
  Plan plan;                        ///< empty where the pass ended before planning
  Outcome outcome;
  std::string partly;  ///< what of the revision is live although the pass did not come to its end
  std::string fingerprint;  ///< of the database after the pass, where it was applied
  /// Of a dry run: what the inventory has otherwise than the database, ignored objects left out.
  std::vector<Difference> differences;
  std::optional<Suspension> suspension =
      {};            ///< that was in force, whether or not it held anything
  Stays stays = {};  ///< of the database after the pass
  std::vector<std::string> notes;
  std::vector<std::string> warnings;  ///< what did not work beside the pass, and what becomes of it
  std::chrono::milliseconds duration{0};
};

/// Whether the database was held against git. Where it was not, an empty drift says nothing.
inline bool has_compared(const PassReport& report) {
  return std::holds_alternative<InSync>(report.outcome) ||
         std::holds_alternative<Applied>(report.outcome) || !report.plan.digest.empty();
}

/// For a target that no pass could begin with.
inline PassReport ended_early(std::string target, Stage stage, Error error) {
  PassReport report;
  report.target = std::move(target);
  error.stage = stage;
  report.outcome = Failed{stage, std::move(error)};
  return report;
}

/// A line of the ledger: what was tried, when, and what it came to.
struct Attempt {
  std::int64_t id = 0;
  std::string commit;
  std::string base;
  std::string outcome;  ///< applied, in-sync, held, failed
  std::string reason;   ///< reason code or stage
  std::string error;
  std::string actor;
  std::string subject;  ///< first line of the commit message
  std::string started;  ///< ISO 8601, UTC
  std::int64_t duration_ms = 0;
  std::int64_t steps = 0;
  std::int64_t times = 1;  ///< how often in a row the same was seen
};

}  // namespace reconcile
