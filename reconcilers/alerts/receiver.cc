#include "reconcilers/alerts/receiver.h"

#include <algorithm>

#include "reconcilers/core/pattern.h"

namespace reconcile::alerts {

bool watches(const Receiver& receiver, std::string_view target, std::string_view environment) {
  return matches_any(receiver.targets, target) && matches_any(receiver.environments, environment);
}

bool hears(const Receiver& receiver, const Alert& alert) {
  if (receiver.commits_only || (receiver.lasting_only && is_event(alert.condition))) return false;
  if (!watches(receiver, alert.target, alert.environment)) return false;
  return std::ranges::any_of(receiver.events, [&](const std::string& word) {
    return word == name_of(alert.severity) || word == name_of(alert.condition) ||
           (!alert.reason.empty() && word == alert.reason);
  });
}

bool is_event_word(std::string_view word) {
  for (const Severity severity : {Severity::Info, Severity::Warning, Severity::Critical}) {
    if (word == name_of(severity)) return true;
  }
  for (std::size_t i = 0; i < conditions; ++i) {
    if (word == name_of(static_cast<Condition>(i))) return true;
  }
  for (auto stage = Stage::Configure;; stage = static_cast<Stage>(static_cast<int>(stage) + 1)) {
    if (word == name_of(stage)) return true;
    if (stage == Stage::Settle) break;
  }
  for (auto code = ReasonCode::StaleRevision;;
       code = static_cast<ReasonCode>(static_cast<int>(code) + 1)) {
    if (word == name_of(code)) return true;
    if (code == ReasonCode::WaitingForTarget) break;
  }
  return false;
}

}  // namespace reconcile::alerts
