#include "controller/dashboard/plan_groups.h"

#include <algorithm>

namespace reconcile::dashboard {

Danger danger_of(const Step& step) {
  if (step.destructive) return Danger::Loss;
  Danger worst = Danger::None;
  for (const Hazard& hazard : step.hazards) {
    const Danger one = hazard.level == HazardLevel::Hold   ? Danger::Held
                       : hazard.level == HazardLevel::Warn ? Danger::Warned
                                                           : Danger::Noted;
    worst = std::max(worst, one);
  }
  return worst;
}

std::vector<StepGroup> grouped_steps(const Plan& plan) {
  std::vector<StepGroup> groups;
  for (const Step& step : plan.steps) {
    const auto same = std::ranges::find(groups, step.group, &StepGroup::name);
    StepGroup& group =
        same != groups.end() ? *same : groups.emplace_back(StepGroup{step.group, {}});
    group.steps.push_back(&step);
  }
  // Noted and nothing weigh the same: an order that jumps about for it would only confuse.
  const auto weight = [](const Step* step) { return std::max(danger_of(*step), Danger::Noted); };
  for (StepGroup& group : groups)
    std::ranges::stable_sort(group.steps, std::ranges::greater(), weight);
  std::ranges::stable_sort(groups, std::ranges::greater(),
                           [&](const StepGroup& group) { return weight(group.steps.front()); });
  return groups;
}

}  // namespace reconcile::dashboard
