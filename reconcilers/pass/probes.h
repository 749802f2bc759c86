#pragma once

#include <span>
#include <vector>

#include "reconcilers/core/plan.h"
#include "reconcilers/ports/directus.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile {

/// Questions that only a Directus answers right which has read the schema after these steps. Few:
/// it remembers the schema as a whole, so one right answer is as good as all.
std::vector<Probe> probes(std::span<const Step> steps, const snapshot::Snapshot& desired);

}  // namespace reconcile
