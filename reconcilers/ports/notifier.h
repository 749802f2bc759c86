#pragma once

#include "reconcilers/alerts/delivery.h"
#include "reconcilers/alerts/receipt.h"

namespace reconcile {

/// One receiver of alerts.
class Notifier {
 public:
  virtual ~Notifier() = default;
  /// Tries once, and blocks as long as its time limits allow. Errors name the receiver and hold no
  /// secret. Safe from any thread, one call at a time.
  virtual alerts::Receipt deliver(const alerts::Delivery& delivery, WallTime now) = 0;
};

}  // namespace reconcile
