#include "reconcilers/core/plan.h"

#include <array>

#include "reconcilers/core/digest.h"

namespace reconcile {

std::string_view name_of(ReasonCode code) {
  constexpr std::array<std::string_view, 17> names{
      "StaleRevision",       "DivergedRevision",   "UnprovenRevision",       "BadSignature",
      "DestructiveChange",   "Conflict",           "DriftDetected",          "MigrationEdited",
      "MigrationOutOfOrder", "WaitingForDirectus", "DeletionBudgetExceeded", "OutsideWindow",
      "Suspended",           "LeaseHeld",          "UnsupportedSnapshot",    "HazardousChange",
      "WaitingForTarget"};
  return names.at(static_cast<std::size_t>(code));
}

std::string rows_in_words(std::int64_t count) {
  return count == 1 ? "1 row" : std::to_string(count) + " rows";
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
  // Each part with its length, so that no text can pass for two others.
  std::string text;
  const auto add = [&](std::string_view part) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  };
  for (const Step& step : plan.steps) {
    add(name_of(step.stage));
    add(name_of(step.action));
    add(step.object.kind);
    add(step.object.name);
    for (const Statement& statement : step.statements) {
      add(std::to_string(statement.rank));
      add(statement.insert_head ? *statement.insert_head : "");
      add(statement.text);
    }
  }
  plan.digest = sha256(text);
}

}  // namespace reconcile
