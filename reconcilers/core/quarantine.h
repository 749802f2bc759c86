#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reconcilers/core/plan.h"

namespace reconcile {

/// Something a pass has removed, and that can be brought back.
struct QuarantineEntry {
  std::int64_t id = 0;
  ObjectIdentity object;             ///< collection, field or relation
  std::string place;                 ///< its table in reconcile_quarantine; empty without rows
  std::optional<std::int64_t> rows;  ///< in that table
  std::string removed_by;            ///< commit
  std::string removed_at;            ///< ISO 8601, UTC
  std::int64_t age_seconds = 0;      ///< since then, by the database's clock
  std::string purge_after;           ///< the same; empty where no retention is configured
  bool expired = false;              ///< that time has come
};

}  // namespace reconcile
