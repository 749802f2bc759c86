#include "reconcilers/policy/hazard_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

namespace reconcile::policy {
namespace {

HazardLevel level_of(const Hazard& hazard, const Step& step, const HazardLevels& levels) {
  if (std::ranges::find(step.allowed_hazards, hazard.code) != step.allowed_hazards.end())
    return HazardLevel::Allow;
  HazardLevel level = hazard.level;
  if (const auto code = levels.find(hazard.code); code != levels.end()) {
    level = code->second;
  } else if (const auto category = levels.find(name_of(hazard.category));
             category != levels.end()) {
    level = category->second;
  }
  const bool decided_by_name =
      step.stage == Stage::Snapshot && hazard.category == HazardCategory::DataLoss;
  return decided_by_name ? std::min(level, HazardLevel::Warn) : level;
}

/// The rows of several hazards in one number; each query once, so that two columns of a table that
/// is dropped as well are not counted twice as the table.
std::string count_all(const Step& step) {
  std::set<std::string> queries;
  for (const Hazard& hazard : step.hazards) {
    if (loses_data(hazard) && !hazard.count_sql.empty()) queries.insert(hazard.count_sql);
  }
  if (queries.empty()) return {};
  return fmt::format("select ({})", fmt::join(queries, ") + ("));
}

std::string place(const Hazard& hazard) {
  return hazard.line > 0 ? fmt::format("line {}", hazard.line) : hazard.object;
}

}  // namespace

void set_hazard_levels(std::span<Step> steps, const HazardLevels& levels) {
  for (Step& step : steps) {
    for (Hazard& hazard : step.hazards) hazard.level = level_of(hazard, step, levels);
    if (!std::ranges::any_of(step.hazards, loses_data)) continue;
    step.destructive = true;
    step.count_sql = count_all(step);
  }
}

std::vector<Hold> hazardous_steps(std::span<const Step> steps) {
  std::vector<Hold> holds;
  for (const Step& step : steps) {
    std::string seen;
    std::string safer;
    std::set<std::string> codes;
    for (const Hazard& hazard : step.hazards) {
      if (hazard.level != HazardLevel::Hold || loses_data(hazard)) continue;
      seen += fmt::format("{}{} ({}): {}", seen.empty() ? "" : "; ", hazard.code, place(hazard),
                          hazard.reason);
      if (codes.insert(hazard.code).second && !hazard.safer.empty()) safer += hazard.safer + "; ";
    }
    if (codes.empty()) continue;
    const std::string all = fmt::format("{}", fmt::join(codes, ", "));
    const std::string way =
        step.stage == Stage::Snapshot
            ? fmt::format("or set it to warn under hazards of this target: {}", all)
            : fmt::format("or, if it is meant, begin the file with `-- reconcile: allow {}`", all);
    holds.push_back({ReasonCode::HazardousChange, step.object,
                     fmt::format("{}: {}; {}", step.object.text(), seen, step.reason),
                     safer + way});
  }
  return holds;
}

}  // namespace reconcile::policy
