#include "reconcilers/alerts/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace reconcile::alerts {
namespace {

Alert alert_about(const TargetStatus& status, Condition condition, std::string reason,
                  std::string object, WallTime now) {
  Alert alert;
  alert.key = key_of(status.target, condition, reason, object);
  alert.condition = condition;
  alert.target = status.target;
  alert.environment = status.environment;
  alert.reason = std::move(reason);
  alert.object = std::move(object);
  alert.started = now;
  alert.path = path_of(status.target);
  return alert;
}

void about_commit(Alert& alert, const Revision& revision) {
  alert.commit = revision.commit;
  alert.subject = std::string(revision.subject());
}

bool is_continuity(ReasonCode code) {
  return code == ReasonCode::StaleRevision || code == ReasonCode::DivergedRevision ||
         code == ReasonCode::UnprovenRevision;
}

bool held_by(const PassReport& report, ReasonCode code) {
  const auto* held = std::get_if<Held>(&report.outcome);
  return held != nullptr && held->holds.front().code == code;
}

/// One for each reason code, whatever the number of objects: a person decides once.
void add_holds(const TargetStatus& status, const PassReport& report, WallTime now,
               std::vector<Alert>& present) {
  const auto* held = std::get_if<Held>(&report.outcome);
  if (held == nullptr) return;
  for (const Hold& hold : held->holds) {
    PassReport alone;
    alone.target = report.target;
    alone.outcome = Held{{hold}};
    const Standing standing = standing_of(alone);
    if (standing.headline != Headline::Held && standing.headline != Headline::NeedsApproval)
      continue;
    const bool approval = standing.headline == Headline::NeedsApproval;
    Alert alert = alert_about(status, approval ? Condition::NeedsApproval : Condition::Held,
                              approval ? "" : standing.reason, "", now);
    if (std::ranges::count(present, alert.key, &Alert::key) > 0) continue;
    alert.reason = standing.reason;
    // The first one's counts the others.
    alert.sentence = sentence(&hold == &held->holds.front() ? standing_of(report) : standing);
    if (hold.code == ReasonCode::BadSignature) alert.severity = Severity::Critical;
    about_commit(alert, report.revision);
    present.push_back(std::move(alert));
  }
}

void add_failure(const TargetStatus& status, const PassReport& report, WallTime now,
                 std::vector<Alert>& present) {
  const auto* failed = std::get_if<Failed>(&report.outcome);
  const Standing standing = standing_of(report);
  if (failed == nullptr || standing.headline != Headline::Failed) return;
  Alert alert =
      alert_about(status, Condition::Failed, std::string(name_of(failed->stage)), "", now);
  alert.severity = Severity::Critical;
  alert.sentence = sentence(standing);
  about_commit(alert, report.revision);
  present.push_back(std::move(alert));
}

void add_drift(const TargetStatus& status, const PassReport& report, WallTime now,
               std::vector<Alert>& present) {
  std::set<ObjectIdentity> seen;
  for (const Drift& drift : report.plan.drift) {
    if (drift.kind == Drift::Kind::Unmanaged || !seen.insert(drift.object).second) continue;
    Alert alert = alert_about(status, Condition::Drifted, "", drift.object.text(), now);
    std::string cause = fmt::format("{} is {}", drift.object.text(), name_of(drift.kind));
    if (!drift.detail.empty()) cause += ": " + drift.detail;
    if (drift.by) cause += fmt::format(" ({})", describe(*drift.by));
    alert.sentence = sentence(
        {.headline = Headline::Drifted,
         .reason = "",
         .cause = std::move(cause),
         .next = fmt::format("heal it (git is right) or adopt it (the database is): reconcile "
                             "drift --target {}",
                             status.target)});
    alert.commit = live_after(report);
    present.push_back(std::move(alert));
  }
}

/// Such a warning begins with the address of the instance.
void add_stale_instances(const TargetStatus& status, const PassReport& report, WallTime now,
                         std::vector<Alert>& present) {
  for (const std::string& warning : report.warnings) {
    std::string address = warning.substr(0, warning.find(' '));
    if (address.find("://") == std::string::npos) continue;
    if (address.ends_with(':')) address.pop_back();
    Alert alert = alert_about(status, Condition::StaleInstance, "", "instance " + address, now);
    if (std::ranges::count(present, alert.key, &Alert::key) > 0) continue;
    alert.sentence = warning;
    present.push_back(std::move(alert));
  }
}

void add_events(const TargetStatus& status, const PassReport& report,
                const std::string& live_before, WallTime now, std::vector<Alert>& events) {
  const bool applied = std::holds_alternative<Applied>(report.outcome);
  const std::string live = live_after(report);
  const std::string before =
      live_before.empty() && applied ? report.base.value_or("") : live_before;
  // Where somebody went back, or aside, the hold says so, with who it was.
  const auto* held = std::get_if<Held>(&report.outcome);
  const bool went_back = held != nullptr && is_continuity(held->holds.front().code);
  if (!live.empty() && live != before && (applied || !before.empty()) && !went_back) {
    // Another commit each time, and so another event.
    Alert alert = alert_about(status, Condition::Applied, "", live, now);
    alert.object.clear();
    alert.severity = Severity::Info;
    alert.commit = live;
    alert.sentence = fmt::format("{} is live", live.substr(0, 10));
    if (report.revision.commit == live) {
      about_commit(alert, report.revision);
      if (!alert.subject.empty()) alert.sentence += ": " + alert.subject;
    }
    events.push_back(std::move(alert));
  }
  if (!applied || report.base != report.revision.commit || report.plan.empty()) return;
  Alert alert = alert_about(status, Condition::Healed, "", report.plan.digest, now);
  alert.object.clear();
  alert.severity = Severity::Info;
  alert.sentence =
      fmt::format("{} is as git made it again", report.plan.steps.front().object.text());
  if (const std::size_t more = report.plan.steps.size() - 1; more > 0)
    alert.sentence += fmt::format(", and {} more", more);
  about_commit(alert, report.revision);
  events.push_back(std::move(alert));
}

std::optional<Stage> stage_named(std::string_view name) {
  for (auto stage = Stage::Configure;; stage = static_cast<Stage>(static_cast<int>(stage) + 1)) {
    if (name_of(stage) == name) return stage;
    if (stage == Stage::Settle) return std::nullopt;
  }
}

}  // namespace

Findings findings(const TargetStatus& status, const PassReport& report,
                  const std::string& live_before, WallTime now) {
  Findings found;
  add_failure(status, report, now, found.present);
  add_holds(status, report, now, found.present);
  add_drift(status, report, now, found.present);
  add_stale_instances(status, report, now, found.present);
  add_events(status, report, live_before, now, found.events);
  found.settled = std::holds_alternative<Applied>(report.outcome);
  return found;
}

Alert unknown_alert(const TargetStatus& status, WallTime now) {
  Alert alert = alert_about(status, Condition::Unknown, "", "", now);
  alert.severity = Severity::Critical;
  alert.reason = status.standing.reason;
  alert.sentence = sentence(status.standing);
  return alert;
}

bool rules_out(const PassReport& report, const Alert& alert) {
  // Somebody else is at work, and hears of it.
  if (held_by(report, ReasonCode::LeaseHeld)) return alert.condition == Condition::Unknown;
  const auto* failed = std::get_if<Failed>(&report.outcome);
  switch (alert.condition) {
    case Condition::Unknown:
      return standing_of(report).headline != Headline::Unknown;
    case Condition::Failed: {
      if (failed == nullptr) return true;
      const auto stage = stage_named(alert.reason);
      return !stage || *stage < failed->stage;
    }
    case Condition::NeedsApproval:
    case Condition::Held:
      return failed == nullptr || failed->stage > Stage::Plan;
    case Condition::Drifted:
      return std::holds_alternative<Skipped>(report.outcome) || has_compared(report);
    case Condition::StaleInstance:
      return failed == nullptr;
    case Condition::Applied:
    case Condition::Healed:
      break;
  }
  return false;
}

std::string live_after(const PassReport& report) {
  if (std::holds_alternative<InSync>(report.outcome) ||
      std::holds_alternative<Applied>(report.outcome))
    return report.revision.commit;
  return report.base.value_or("");
}

}  // namespace reconcile::alerts
