#pragma once

#include <chrono>
#include <optional>

#include "reconcilers/core/error.h"

namespace reconcile::alerts {

/// What came of one try to deliver something.
struct Receipt {
  std::optional<Error> error =
      {};  ///< nothing where it has arrived; terminal: another try is no use
  std::optional<std::chrono::seconds> wait = {};  ///< that the receiver asks for
};

}  // namespace reconcile::alerts
