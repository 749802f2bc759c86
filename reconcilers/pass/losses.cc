#include "reconcilers/policy/losses.h"

#include <algorithm>
#include <set>

#include "reconcilers/pass/stages.h"

// What the plan would lose, and whether that is meant: asked when it is decided about, and once
// more inside the transaction, under the locks.

namespace reconcile {

/// Reads the approvals from the ledger, wherever the pass stands: one that was given a moment ago
/// counts, one that is not there any more does not.
Result<std::vector<Hold>> Pass::judge_losses() {
  if (allowances_.everything) return std::vector<Hold>();
  if (std::ranges::none_of(report_.plan.steps, &Step::destructive)) return std::vector<Hold>();
  auto approvals = connection_->ledger().approvals();
  if (!approvals) {
    // Who only looks may not be allowed to see them; who applies has to.
    constexpr std::string_view denied = "42501";
    if (options_.mode != Mode::DryRun || approvals.error().sqlstate != denied)
      return approvals.error();
    report_.notes.emplace_back("approvals may not be read by this role, and are left out here");
    approvals = std::vector<Approval>();
  }
  return policy::judge(
      {report_.plan, report_.revision, allowances_, *approvals, options_.deletion_budget});
}

/// Takes the locks that the destructive steps need, before anything else is done, in one statement.
Result<void> Pass::lock_losses() {
  std::set<std::string> tables;
  for (const Step& step : report_.plan.steps) {
    if (step.destructive && !step.table.empty() && step.stretch == stretch_)
      tables.insert(step.table);
  }
  if (tables.empty()) return {};
  const std::vector<std::string> names(tables.begin(), tables.end());
  auto locked = connection_->executor().lock(names);
  if (locked || locked.error().sqlstate != "42P01") return locked;
  Error gone = locked.error();
  gone.kind = ErrorKind::Conflict;  // dropped by somebody since: the next plan knows
  return gone;
}

/// Unlike Pass::count_rows, what cannot be counted here is an error: it ends the transaction.
Result<void> Pass::count_losses() {
  std::vector<std::string> queries;
  std::vector<Step*> counted;
  for (Step& step : report_.plan.steps) {
    // What is done cannot be counted any more.
    if (!step.destructive || step.count_sql.empty() || step.stretch < stretch_) continue;
    queries.push_back(step.count_sql);
    counted.push_back(&step);
  }
  auto counts = connection_->reader().count(queries);
  if (!counts) return counts.error();
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i]->rows_at_stake = (*counts)[i];
  return {};
}

/// Counts again what nobody can write to any more, and decides again with it.
Result<std::optional<Outcome>> Pass::confirm_losses() {
  const std::vector<Step> planned = report_.plan.steps;
  if (auto counted = count_losses(); !counted) return counted.error();
  // An approval is of the whole plan, and so is read again before any of it is done.
  auto holds = progressed_ ? std::vector<Hold>() : judge_losses();
  if (!holds) return holds.error();
  if (holds->empty()) *holds = policy::grown(planned, report_.plan.steps);
  if (holds->empty()) return std::optional<Outcome>();
  return std::optional<Outcome>(Held{std::move(*holds)});
}

/// Only a note: where it cannot be read the plan stands without it.
void Pass::note_quarantine() {
  const bool creates = std::ranges::any_of(report_.plan.steps, [](const Step& step) {
    return step.action == Action::Create && step.stage == Stage::Snapshot;
  });
  if (!creates || !ledger_.installed) return;
  auto kept = connection_->quarantine().list();
  if (!kept) return;
  for (std::string& note : policy::quarantine_notes(report_.plan.steps, *kept))
    report_.plan.notes.push_back(std::move(note));
}

}  // namespace reconcile
