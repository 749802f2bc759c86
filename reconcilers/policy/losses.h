#pragma once

#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/approval.h"
#include "reconcilers/core/deletion_budget.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/core/quarantine.h"
#include "reconcilers/core/revision.h"

namespace reconcile::policy {

/// Whether an approval lifts it.
bool is_of_losses(const Hold& hold);

/// All that decides whether the losses of a plan are meant.
struct Losses {
  const Plan& plan;  ///< sealed, its rows at stake counted
  const Revision& revision;
  const Allowances& allowances;
  std::span<const Approval> approvals;  ///< given since the last revision, newest first
  const DeletionBudget& budget;
};

/// The one place that decides about losses (design law 5). An approval of exactly this plan lifts
/// everything, up to the rows it was given for; otherwise each destructive step needs its line in a
/// commit message, and all of them together have to be within the budget. Nothing is held where the
/// result is empty.
std::vector<Hold> judge(const Losses& losses);

/// What a person who approves this plan of this commit says.
Approval approval_of(const Plan& plan, const Revision& revision);

/// Digest of the destructive steps alone: equal where two plans lose the same.
std::string losses_digest(std::span<const Step> steps);

/// A hold for each step with more rows at stake than `before` had, as counted before it was decided
/// about. Both have the same steps.
std::vector<Hold> grown(std::span<const Step> before, std::span<const Step> now);

/// Where a plan makes anew what lies in quarantine, a person should know of the other way.
std::vector<std::string> quarantine_notes(std::span<const Step> steps,
                                          std::span<const QuarantineEntry> kept);

}  // namespace reconcile::policy
