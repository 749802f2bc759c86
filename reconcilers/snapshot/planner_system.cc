#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/gentle_ddl.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

// What Directus 12 allows without a licence: CORE_LICENSE in @directus/license 12.4.0.
constexpr std::uint64_t collections_without_licence = 25;

using SystemFields = std::vector<SystemField>;

std::string name_of(const SystemField& field) { return field.collection + "." + field.name; }

bool has_column(const LiveState& live, const SystemField& field) {
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    if (live.columns.text(row, 0) == field.collection && live.columns.text(row, 1) == field.name)
      return true;
  }
  return false;
}

/// Only Directus 12 can switch a collection off, and so only it counts those that are on.
bool counts_collections(const LiveState& live) {
  return std::ranges::any_of(live.collections.columns(),
                             [](const auto& column) { return column.name == "status"; });
}

bool is_active(const Collection& entity) {
  if (!entity.meta || !entity.schema || entity.name.starts_with("directus_")) return false;
  const Value* status = entity.meta->find(Key("status"));
  return status == nullptr || text_of(status) == "active";
}

}  // namespace

/// A file without the list, from before Directus 11.13, says nothing about these indexes.
void Planner::system_fields() {
  if (!in_.desired.system_fields) return;
  for (const SystemField& desired : *in_.desired.system_fields) {
    if (contains(live_.system_fields, desired)) continue;
    const ObjectIdentity object{"system field", name_of(desired)};
    if (!has_column(in_.live, desired)) {
      plan_.notes.push_back(
          fmt::format("{}: this Directus has no such field; it is left out", object.text()));
    } else if (contains(in_.base.system_fields, desired)) {
      plan_.drift.push_back({Drift::Kind::Missing, object, "index is in git, not in the database"});
    } else {
      Step planned = step(Action::Create, object, desired.collection, "index");
      Statement index = create_index(desired.collection, desired.name,
                                     generated_name("index", desired.collection, desired.name));
      index.rank = alter_table;
      planned.statements.push_back(std::move(index));
      add(std::move(planned));
    }
  }
  for (const SystemField& base : in_.base.system_fields.value_or(SystemFields())) {
    if (contains(in_.desired.system_fields, base) || !contains(live_.system_fields, base)) continue;
    const ColumnNames names = column_names(in_.live, base.collection, base.name);
    if (names.index.empty()) continue;
    Step planned = step(Action::Remove, {"system field", name_of(base)}, base.collection, "index");
    planned.reason = fmt::format("no longer in {} since {}", in_.file, in_.revision.short_commit());
    planned.statements.push_back(
        {.text = "drop index public." + sql::quote_identifier(names.index), .rank = drop_field});
    add(std::move(planned));
  }
}

/// Directus 12 refuses to make more active collections than its licence covers. We write past that
/// check, so we hold to it ourselves.
void Planner::collection_limit() {
  if (!counts_collections(in_.live)) return;
  const std::uint64_t limit = in_.collection_limit.value_or(collections_without_licence);
  std::int64_t before = 0;
  std::int64_t after = 0;
  for (const Collection& live : live_.collections) {
    before += is_active(live) ? 1 : 0;
    after += is_active(live) && !is_removed(live.name) ? 1 : 0;
  }
  for (const Collection& desired : in_.desired.collections) {
    const auto live = live_collections_.find(desired.name);
    const bool was = live != live_collections_.end() && is_active(*live->second);
    // A file that does not say leaves an existing collection as it is.
    const bool says = desired.meta && desired.meta->find(Key("status")) != nullptr;
    const bool will = live == live_collections_.end() || says ? is_active(desired) : was;
    after += static_cast<int>(will) - static_cast<int>(was);
  }
  if (after <= before || static_cast<std::uint64_t>(after) <= limit) return;
  plan_.holds.push_back(
      {ReasonCode::UnsupportedSnapshot,
       {"snapshot", in_.file},
       fmt::format("this Directus may have {} active collections{}, and the revision makes it {}",
                   limit, in_.collection_limit ? "" : " without a licence", after),
       "take collections out, set the status of some to inactive, or state in the configuration "
       "what your licence covers: directus.licensed_collections"});
}

}  // namespace reconcile::snapshot
