#include "reconcilers/core/plan.h"

#include <array>

#include "reconcilers/core/digest.h"

namespace reconcile {

std::string_view name_of(ReasonCode code) {
  constexpr std::array<std::string_view, 15> names{
      "StaleRevision",       "DivergedRevision",   "UnprovenRevision",       "BadSignature",
      "DestructiveChange",   "Conflict",           "DriftDetected",          "MigrationEdited",
      "MigrationOutOfOrder", "WaitingForDirectus", "DeletionBudgetExceeded", "OutsideWindow",
      "Suspended",           "LeaseHeld",          "UnsupportedSnapshot"};
  return names.at(static_cast<std::size_t>(code));
}

std::string_view name_of(Drift::Kind kind) {
  constexpr std::array<std::string_view, 3> names{"missing", "altered", "unmanaged"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Action action) {
  constexpr std::array<std::string_view, 5> names{"create", "change", "remove", "run", "adopt"};
  return names.at(static_cast<std::size_t>(action));
}

void seal(Plan& plan) {
  std::string text;
  for (const Step& step : plan.steps) {
    text += name_of(step.stage);
    text += ' ';
    text += name_of(step.action);
    text += ' ';
    text += step.object.text();
    text += '\n';
    for (const Statement& statement : step.statements) {
      if (statement.insert_head) text += *statement.insert_head;
      text += statement.text;
      text += '\n';
    }
  }
  plan.digest = sha256(text);
}

}  // namespace reconcile
