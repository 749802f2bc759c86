#include "reconcilers/status/target_status.h"

namespace reconcile {
namespace {

/// What a pass leaves behind that the numbers of a status do not tell.
bool says_more(const PassReport& report) {
  return !std::holds_alternative<InSync>(report.outcome) || !report.plan.drift.empty() ||
         !report.notes.empty() || !report.plan.notes.empty() || !report.warnings.empty();
}

struct Unfinished {
  bool operator()(const InSync&) const { return false; }
  bool operator()(const Applied&) const { return false; }
  bool operator()(const Skipped&) const { return false; }
  bool operator()(const Pending&) const { return true; }
  bool operator()(const Held&) const { return true; }
  bool operator()(const Failed&) const { return true; }
};

}  // namespace

TargetStatus status_after(TargetStatus before, PassReport report, WallTime now) {
  TargetStatus after = std::move(before);
  Standing standing = standing_of(report);
  if (standing != after.standing || after.since == WallTime{}) after.since = now;
  after.standing = std::move(standing);
  after.checked = now;
  after.without_git = false;
  const bool failed = std::holds_alternative<Failed>(report.outcome);
  after.failures = failed ? after.failures + 1 : 0;
  if (!report.revision.commit.empty()) after.git = report.revision;
  const bool live = std::holds_alternative<Applied>(report.outcome);
  const bool looked = live || report.base || std::holds_alternative<InSync>(report.outcome);
  if (live || std::holds_alternative<InSync>(report.outcome)) {
    after.database = report.revision.commit;
  } else if (report.base) {
    after.database = *report.base;
  }
  if (report.stays) after.stays = report.stays;
  const bool unfinished = std::visit(Unfinished{}, report.outcome);
  after.plan = unfinished ? counts_of(report.plan) : Counts{};
  after.plan_digest = unfinished ? report.plan.digest : std::string();
  const std::string& print =
      report.fingerprint.empty() ? report.plan.fingerprint : report.fingerprint;
  if (!print.empty()) after.fingerprint = print;
  if (looked) after.suspension = report.suspension;
  if (has_compared(report)) {
    after.compared = now;
    after.drifted = drifted_of(report.plan);
    after.unmanaged = report.plan.drift.size() - after.drifted;
  } else if (after.report) {
    report.plan.drift = after.report->plan.drift;
    report.differences = after.report->differences;
  }
  after.report =
      says_more(report) ? std::make_shared<const PassReport>(std::move(report)) : nullptr;
  return after;
}

TargetStatus without_git(TargetStatus after, const TargetStatus& before,
                         const std::optional<Standing>& away, WallTime now) {
  const Headline headline = after.standing.headline;
  const bool fetches =
      headline == Headline::Unknown && after.standing.reason == name_of(Stage::Fetch);
  const bool looks_well = headline == Headline::InSync || headline == Headline::Pending ||
                          headline == Headline::Applying;
  after.without_git = fetches || (looks_well && away);
  if (!after.without_git || !away) return after;
  after.standing = *away;
  after.since = before.standing == after.standing ? before.since : now;
  return after;
}

bool worse_first(const TargetStatus& left, const TargetStatus& right) {
  if (left.standing.headline != right.standing.headline)
    return left.standing.headline < right.standing.headline;
  return left.target < right.target;
}

}  // namespace reconcile
