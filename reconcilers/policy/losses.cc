#include "reconcilers/policy/losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reconcilers/core/digest.h"
#include "reconcilers/policy/destructive_guard.h"

namespace reconcile::policy {
namespace {

/// Plans are told apart by as much of their digest as people read.
std::string shortened(const std::string& digest) { return digest.substr(0, 12); }

std::string way_to_approve(const Plan& plan) {
  return fmt::format("`reconcile approve --plan {}`", shortened(plan.digest));
}

std::string by(const Approval& approval) {
  return fmt::format("the approval by {} of {}", approval.actor, approval.when);
}

/// Why an approval does not count for this plan; empty where it does.
std::string why_void(const Approval& approval, const Losses& losses) {
  std::string text;
  const auto add = [&text](const std::string& reason) {
    text += (text.empty() ? "" : ", and ") + reason;
  };
  if (approval.revision != losses.revision.commit)
    add(fmt::format("it is for commit {}", approval.revision.substr(0, 10)));
  if (approval.plan_digest != losses.plan.digest)
    add(fmt::format("it is for the plan {}, and this one is {}", shortened(approval.plan_digest),
                    shortened(losses.plan.digest)));
  if (approval.fingerprint != losses.plan.fingerprint)
    add("the schema of the database has changed since");
  return text;
}

/// More rows than the approval was given for are more than was approved.
std::vector<Hold> beyond(const Approval& approval, const Plan& plan) {
  std::vector<Hold> holds;
  for (const Step& step : plan.steps) {
    if (!step.destructive || !step.rows_at_stake) continue;
    const auto seen = approval.rows.find(step.object.text());
    const std::int64_t before = seen == approval.rows.end() ? Approval::uncounted : seen->second;
    if (*step.rows_at_stake <= before) continue;
    holds.push_back(
        {ReasonCode::DestructiveChange, step.object,
         fmt::format("{}: {} at stake; {} was given for {}", step.object.text(),
                     rows_in_words(*step.rows_at_stake), by(approval),
                     before == Approval::uncounted ? "none counted" : rows_in_words(before)),
         fmt::format("look at it again and run {}", way_to_approve(plan))});
  }
  return holds;
}

/// Tables and columns; what else a plan removes holds no rows.
bool takes_from_budget(const Step& step) {
  return step.destructive && step.action == Action::Remove && !step.count_sql.empty();
}

std::optional<Hold> over_budget(const Losses& losses) {
  std::uint64_t objects = 0;
  std::uint64_t at_stake = 0;
  std::string names;
  for (const Step& step : losses.plan.steps) {
    if (!takes_from_budget(step)) continue;
    ++objects;
    at_stake += static_cast<std::uint64_t>(step.rows_at_stake.value_or(0));
    names += (names.empty() ? "" : ", ") + step.object.text();
  }
  const DeletionBudget& budget = losses.budget;
  std::string over;
  if (budget.objects && objects > *budget.objects)
    over = fmt::format("{} tables and columns at once, and the budget is {}", objects,
                       *budget.objects);
  if (budget.rows && at_stake > *budget.rows)
    over += fmt::format("{}{} rows at once, and the budget is {}", over.empty() ? "" : "; ",
                        at_stake, *budget.rows);
  if (over.empty()) return std::nullopt;
  return Hold{ReasonCode::DeletionBudgetExceeded,
              {"revision", losses.revision.short_commit()},
              fmt::format("{} removes {}: {}", losses.revision.short_commit(), over, names),
              fmt::format("if all of it is meant, run {}; no commit message lifts this",
                          way_to_approve(losses.plan))};
}

/// The rules for plans that nobody approved.
std::vector<Hold> judge_unapproved(const Losses& losses) {
  std::vector<Hold> holds = destructive_guard(losses.plan.steps, losses.allowances);
  for (Hold& hold : holds) hold.next += fmt::format(", or run {}", way_to_approve(losses.plan));
  if (auto hold = over_budget(losses)) holds.push_back(std::move(*hold));
  return holds;
}

}  // namespace

std::vector<Hold> judge(const Losses& losses) {
  if (losses.allowances.everything) return {};
  for (const Approval& approval : losses.approvals) {
    if (why_void(approval, losses).empty()) return beyond(approval, losses.plan);
  }
  std::vector<Hold> holds = judge_unapproved(losses);
  if (!holds.empty() && !losses.approvals.empty()) {
    const Approval& newest = losses.approvals.front();
    holds.front().message +=
        fmt::format("; {} does not count: {}", by(newest), why_void(newest, losses));
  }
  return holds;
}

Approval approval_of(const Plan& plan, const Revision& revision) {
  Approval approval;
  approval.revision = revision.commit;
  approval.plan_digest = plan.digest;
  approval.fingerprint = plan.fingerprint;
  for (const Step& step : plan.steps) {
    if (step.destructive)
      approval.rows[step.object.text()] = step.rows_at_stake.value_or(Approval::uncounted);
  }
  return approval;
}

std::string losses_digest(std::span<const Step> steps) {
  Plan losses;
  std::ranges::copy_if(steps, std::back_inserter(losses.steps), &Step::destructive);
  seal(losses);
  return losses.digest;
}

std::vector<Hold> grown(std::span<const Step> before, std::span<const Step> now) {
  std::vector<Hold> holds;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const Step& step = now[i];
    const std::int64_t planned = before[i].rows_at_stake.value_or(0);
    if (!step.destructive || step.rows_at_stake.value_or(0) <= planned) continue;
    holds.push_back(
        {ReasonCode::Conflict, step.object,
         fmt::format("{}: {} at stake when it was planned, and {} a moment later: somebody still "
                     "writes to it",
                     step.object.text(), rows_in_words(planned),
                     rows_in_words(*step.rows_at_stake)),
         "let whatever writes there stop first; the next pass counts anew"});
  }
  return holds;
}

std::vector<std::string> quarantine_notes(std::span<const Step> steps,
                                          std::span<const QuarantineEntry> kept) {
  std::vector<std::string> notes;
  for (const Step& step : steps) {
    if (step.action != Action::Create) continue;
    for (const QuarantineEntry& entry : kept) {
      if (entry.object != step.object) continue;
      notes.push_back(fmt::format(
          "{} is made anew and empty; the one that {} removed is in quarantine{}: `reconcile "
          "restore {}` before this pass brings that back instead",
          step.object.text(), entry.removed_by.substr(0, 10),
          entry.rows ? fmt::format(", with {}", rows_in_words(*entry.rows)) : "", entry.id));
    }
  }
  return notes;
}

bool is_of_losses(const Hold& hold) {
  return hold.code == ReasonCode::DestructiveChange ||
         hold.code == ReasonCode::DeletionBudgetExceeded;
}

}  // namespace reconcile::policy
