#pragma once

#include <optional>
#include <string>

namespace reconcile {

/// That nothing is applied to a target until somebody says so, or a time is reached.
struct Suspension {
  std::string actor;
  std::string reason;                     ///< may be empty
  std::string since;                      ///< ISO 8601, UTC
  std::optional<std::string> until = {};  ///< ISO 8601, UTC; empty: until it is resumed
};

/// "suspended by mia since 2026-01-03T14:02:00Z, until …: release freeze".
std::string describe(const Suspension& suspension);

}  // namespace reconcile
