#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace reconcile {

/// A commit that a database came to.
struct Stay {
  std::string commit;
  std::chrono::system_clock::time_point since;
  bool changed = true;       ///< something was done to the database for it
  bool rolled_back = false;  ///< somebody went back to it

  bool operator==(const Stay&) const = default;
};

/// Those of one database, newest first. Null where nobody asked.
using Stays = std::shared_ptr<const std::vector<Stay>>;

}  // namespace reconcile
