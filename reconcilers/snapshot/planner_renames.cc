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
    add(std::move(planned));
    plan_.notes.push_back(
        fmt::format("{} is now {}: filters, presets and flows that name it in their JSON are not "
                    "rewritten",
                    rename.from.text(), rename.to));
  }
  for (const auto& [from, to] : in_.allowances.renames) {
    const auto done = [&](const Rename& rename) {
      return rename.from.text() == from && rename.to == to;
    };
    if (std::ranges::any_of(renames_, done)) continue;
    plan_.notes.push_back(
        fmt::format("`Rename: {} to {}` changes nothing: the old name has to be gone from git and "
                    "in the database, the new one in git only",
                    from, to));
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

/// What something in a renamed collection, or under a renamed field, was called before this plan.
std::string Planner::former_name(const ObjectIdentity& object) const {
  const std::size_t dot = object.name.find('.');
  std::string collection = object.name.substr(0, dot);
  std::string field = dot == std::string::npos ? "" : object.name.substr(dot);
  bool renamed = false;
  for (const Rename& rename : renames_) {
    if (rename.from.kind == "field" && rename.to == object.name) {
      field = rename.from.name.substr(rename.from.name.find('.'));
      renamed = true;
    } else if (rename.from.kind == "collection" && rename.to == object.name.substr(0, dot)) {
      collection = rename.from.name;
      renamed = true;
    }
  }
  return renamed ? collection + field : std::string();
}

/// The catalog was read before the renames of this plan.
ColumnNames Planner::names_of_column(const Field& field) const {
  const std::string former = former_name({"field", name_of(field)});
  if (former.empty()) return column_names(in_.live, field.collection, field.name);
  const std::size_t dot = former.find('.');
  return column_names(in_.live, former.substr(0, dot), former.substr(dot + 1));
}

}  // namespace reconcile::snapshot
