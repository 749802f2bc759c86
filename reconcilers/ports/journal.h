#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "reconcilers/core/alone.h"
#include "reconcilers/core/result.h"

namespace reconcile {

/// A statement that is about to run alone.
struct JournalEntry {
  std::string commit;
  std::string file;
  int line = 0;
  int number = 0;  ///< of the statement in its step, from 1
  std::string text;
};

/// How one of them is run.
struct AloneLimits {
  std::chrono::milliseconds statement{0};  ///< 0: no limit
  std::chrono::milliseconds lock{0};       ///< also of the waits for transactions of others
  std::string shown_as;                    ///< to who looks at the server's activity
};

/// Runs what cannot run in a transaction. It is written down before, and when the catalog shows
/// that it is done; whoever finds only the first looks into the catalog, and goes on.
class Journal {
 public:
  virtual ~Journal() = default;
  /// What the catalog has of it. Outside of the transaction; writes nothing.
  virtual Result<AloneState> look(const Alone& what) = 0;
  /// Inside the executor's transaction. What was under way before has broken off then.
  virtual Result<std::int64_t> intend(const JournalEntry& entry) = 0;
  virtual Result<void> done(std::int64_t entry) = 0;
  /// On its own.
  virtual void failed(std::int64_t entry, std::string_view error) noexcept = 0;
  /// One statement as one message, without a transaction around it.
  virtual Result<void> run(std::string_view statement, const AloneLimits& limits) = 0;
};

}  // namespace reconcile
