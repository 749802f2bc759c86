#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/witness.h"

namespace reconcile {

/// Triggers by which a database says at once that somebody has changed its schema, and keeps who it
/// was. What they do not hear of, a pass still finds.
class Watch {
 public:
  virtual ~Watch() = default;
  /// Makes what is missing of it, where that makes nobody wait. Returns what cannot be heard of,
  /// and the way out, for people; nothing where all can.
  virtual Result<std::string> keep() = 0;
  /// Takes all of it away, with what it has kept, where that makes nobody wait.
  virtual Result<void> remove() = 0;
  /// The newest changes that no pass has made, newest first.
  virtual Result<std::vector<Witness>> changes() = 0;
};

}  // namespace reconcile
