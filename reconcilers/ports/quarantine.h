#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/quarantine.h"
#include "reconcilers/core/result.h"

namespace reconcile {

/// What passes have removed from one database. Like the other ports of a connection it is not
/// thread-safe. Where the schema is missing or of an earlier version, nothing is in quarantine.
class Quarantine {
 public:
  virtual ~Quarantine() = default;
  /// What is there, oldest first.
  virtual Result<std::vector<QuarantineEntry>> list() = 0;
  /// Brings an entry back, in a transaction of its own: all of it, or an error that says what is in
  /// the way. `instances` are the Directus servers that have to be told, see AppliedRecord. Returns
  /// what could not come back with it, one sentence each.
  virtual Result<std::vector<std::string>> restore(std::int64_t id,
                                                   std::chrono::milliseconds lock_timeout,
                                                   std::span<const std::string> instances) = 0;
  /// Ends entries for good, with their rows: all of them or none.
  virtual Result<void> purge(std::span<const std::int64_t> ids,
                             std::chrono::milliseconds lock_timeout) = 0;
};

}  // namespace reconcile
