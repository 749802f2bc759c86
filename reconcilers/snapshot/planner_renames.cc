#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/snapshot/planner.h"

namespace reconcile::snapshot {

void Planner::renamed() {
  for (const Rename& rename : renames_) {
    Step planned = step(Action::Change, {rename.from.kind, rename.to},
                        rename.to.substr(0, rename.to.find('.')),
                        fmt::format("renamed from {}, with its data", rename.from.name));
    planned.reason = fmt::format("`Rename: {} to {}` since {}", rename.from.text(), rename.to,
                                 in_.revision.short_commit());
    for (std::string& text : rename_sql(rename, in_.live, in_.desired))
      planned.statements.push_back({.text = std::move(text), .rank = Rank::rename});
    if (&rename == &renames_.back()) {
      for (std::string& text : rename_index_sql(renames_, in_.live, live_))
        planned.statements.push_back({.text = std::move(text), .rank = Rank::rename});
    }
    add(std::move(planned));
    plan_.notes.push_back(
        fmt::format("{} is now {}: filters, presets and flows that name it in their JSON are not "
                    "rewritten",
                    rename.from.text(), rename.to));
  }
  for (const auto& announced : in_.allowances.renames) {
    const auto done = [&](const Rename& rename) {
      return rename.from.text() == announced.first && rename.to == announced.second;
    };
    if (std::ranges::any_of(renames_, done)) continue;
    plan_.notes.push_back(
        fmt::format("`Rename: {} to {}` changes nothing: the old name has to be gone from git and "
                    "in the database, the new one in git only",
                    announced.first, announced.second));
  }
}

/// A loss may be a new name: a person who reads of the loss should read of that too.
void Planner::offer_renames() {
  const auto is_loss = [](const Step& step) {
    return step.destructive && step.action == Action::Remove;
  };
  if (std::ranges::none_of(plan_.steps, is_loss)) return;
  const auto renames = likely_renames(in_.base, in_.desired, live_);
  for (Step& step : plan_.steps) {
    const auto found = renames.find(step.object);
    if (is_loss(step) && found != renames.end()) step.likely_rename = found->second;
  }
}

}  // namespace reconcile::snapshot
