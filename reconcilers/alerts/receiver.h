#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/alerts/alert.h"

namespace reconcile::alerts {

/// Who wants to hear of what.
struct Receiver {
  std::string name;
  /// What becomes of commits, and nothing else.
  bool commits_only = false;
  /// Nothing that has no end.
  bool lasting_only = false;
  /// Names in which * stands for anything; none: all.
  std::vector<std::string> targets = {};
  std::vector<std::string> environments = {};
  /// Severities, conditions, stages and reason codes.
  std::vector<std::string> events = {"critical", "warning"};
  /// How long after it was told the last time it is told again; nothing: never.
  std::optional<std::chrono::seconds> remind = {};
};

bool watches(const Receiver& receiver, std::string_view target, std::string_view environment);
bool hears(const Receiver& receiver, const Alert& alert);

/// Whether `word` is one that Receiver::events may have.
bool is_event_word(std::string_view word);

}  // namespace reconcile::alerts
