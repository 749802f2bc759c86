#include "reconcilers/snapshot/plan.h"

#include <fmt/format.h>

#include "reconcilers/snapshot/planner.h"

namespace reconcile::snapshot {

int folder_depth(const Collection& collection, const ByName<Collection>& all) {
  constexpr int most = 999;  // files may say that a folder lies in itself
  int depth = 0;
  for (const Collection* inner = &collection; depth < most; ++depth) {
    const Value* group = inner->meta ? inner->meta->find(Key("group")) : nullptr;
    const auto outer = all.find(std::string(text_of(group)));
    if (outer == all.end()) break;
    inner = outer->second;
  }
  return depth;
}

Planner::Planner(const Inputs& inputs, const Snapshot& live, std::vector<Rename> renames)
    : in_(inputs),
      live_(live),
      renames_(std::move(renames)),
      base_collections_(by_name(inputs.base.collections)),
      desired_collections_(by_name(inputs.desired.collections)),
      live_collections_(by_name(live_.collections)),
      base_fields_(by_name(inputs.base.fields)),
      desired_fields_(by_name(inputs.desired.fields)),
      live_fields_(by_name(live_.fields)),
      base_relations_(by_name(inputs.base.relations)),
      desired_relations_(by_name(inputs.desired.relations)),
      live_relations_(by_name(live_.relations)),
      collection_rows_("directus_collections", inputs.live.collections.columns()),
      field_rows_("directus_fields", inputs.live.fields.columns()),
      relation_rows_("directus_relations", inputs.live.relations.columns()) {
  for (const Field& field : inputs.desired.fields) {
    fields_by_collection_[field.collection].push_back(&field);
  }
}

Step Planner::step(Action action, ObjectIdentity object, std::string group,
                   std::string detail) const {
  Step planned;
  planned.stage = Stage::Snapshot;
  planned.action = action;
  planned.object = std::move(object);
  planned.group = std::move(group);
  planned.detail = std::move(detail);
  planned.reason = fmt::format("{} in {}", action == Action::Create ? "new" : "changed",
                               in_.revision.short_commit());
  planned.owner = {in_.file, 0};
  return planned;
}

Plan Planner::run() {
  renamed();
  removed_relations();
  removed_fields();
  removed_collections();
  for (const Collection& desired : in_.desired.collections) collection(desired);
  for (const Field& desired : in_.desired.fields) field(desired);
  for (const Relation& desired : in_.desired.relations) relation(desired);
  system_fields();
  collection_limit();
  order();
  unmanaged();
  offer_renames();
  notes();
  return std::move(plan_);
}

Plan plan(const Inputs& inputs) {
  Snapshot live = project(inputs.live);
  std::vector<Rename> renames =
      confirmed_renames(inputs.allowances, inputs.base, inputs.desired, live);
  if (renames.empty()) return Planner(inputs, live, {}).run();
  // Once the names are the new ones on all sides, what is left is like any other revision.
  Snapshot base = inputs.base;
  rename_in(base, renames);
  rename_in(live, renames);
  const Inputs renamed{
      base,        inputs.desired,         inputs.live, inputs.allowances, inputs.revision,
      inputs.file, inputs.collection_limit};
  return Planner(renamed, live, std::move(renames)).run();
}

}  // namespace reconcile::snapshot
