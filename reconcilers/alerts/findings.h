#pragma once

#include <vector>

#include "reconcilers/alerts/alert.h"

namespace reconcile::alerts {

/// What a pass that has just ended says of its target.
struct Findings {
  std::vector<Alert> present;
  std::vector<Alert> events;
  /// Whether what is not present is over at once, instead of after a while.
  bool settled = false;
};

/// `live_before` is the commit that the database had at the look before; empty where that is not
/// known.
Findings findings(const TargetStatus& status, const PassReport& report,
                  const std::string& live_before, WallTime now);

/// The alert of a target that could not be looked at for long.
Alert unknown_alert(const TargetStatus& status, WallTime now);

/// Whether the pass came far enough to tell that `alert`, which it did not find, is over. A
/// database that cannot be reached says nothing about its drift.
bool rules_out(const PassReport& report, const Alert& alert);

/// The commit that the database has after the pass; empty where the pass does not say.
std::string live_after(const PassReport& report);

}  // namespace reconcile::alerts
