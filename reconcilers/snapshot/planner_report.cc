#include <fmt/format.h>

#include <limits>
#include <unordered_set>

#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

std::string describe_sides(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& difference : differences) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: git {}, database {}", difference.key.name(),
                        render(difference.desired), render(difference.live));
  }
  return text;
}

/// One entity list in file order, as far as it has rows: a name and its id in the database, 0 for a
/// new one.
struct Placed {
  std::string name;
  long id;
};

bool out_of_order(const std::vector<Placed>& wanted) {
  long previous = 0;
  for (const Placed& entry : wanted) {
    const long id = entry.id == 0 ? std::numeric_limits<long>::max() : entry.id;
    if (id < previous) return true;
    previous = id;
  }
  return false;
}

/// Whether git itself asks for another order: something is new, or what both revisions have stands
/// differently.
bool order_intended(const std::vector<Placed>& wanted, const std::vector<std::string>& base_order) {
  std::unordered_set<std::string> desired_names;
  std::unordered_set<std::string> base_names(base_order.begin(), base_order.end());
  std::vector<std::string> shared;
  for (const Placed& entry : wanted) {
    if (entry.id == 0) return true;
    desired_names.insert(entry.name);
    if (base_names.contains(entry.name)) shared.push_back(entry.name);
  }
  std::vector<std::string> before;
  for (const std::string& name : base_order) {
    if (desired_names.contains(name)) before.push_back(name);
  }
  return before != shared;
}

/// Gives the rows of one collection new ids in file order, above all others. Nothing refers to
/// these ids.
Statement renumbering(std::string_view table, std::string_view collection_column,
                      std::string_view field_column, std::string_view collection,
                      const std::vector<Placed>& wanted) {
  std::string values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    values +=
        fmt::format("{}({}, {})", i == 0 ? "" : ", ", sql::quote_literal(wanted[i].name), i + 1);
  }
  return {.text = fmt::format(
              "with wanted(field, position) as (values {4}), top as (select max(id) as id from "
              "public.{0}), "
              "moved as (update public.{0} t set id = top.id + wanted.position from wanted, top "
              "where t.{1} = {3} and t.{2} = wanted.field returning t.id) "
              "select pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.{0}', 'id'), "
              "(select max(id) from moved))",
              table, collection_column, field_column, sql::quote_literal(collection), values),
          .rank = renumber};
}

}  // namespace

/// True where planning may go on with this part. A conflict is held, unless a commit says that git
/// is right.
bool Planner::decide(PartDiff& diff, const ObjectIdentity& object) {
  const bool git_wins = in_.allowances.take_git.contains(object.text());
  if (diff.intent == PartDiff::Intent::Remove && !diff.conflicts.empty()) {
    conflict(object, "git removes it, and somebody changed it in the database since");
    return git_wins;
  }
  if (diff.changed_while_missing) {
    if (git_wins) {
      diff.missing = false;
      diff.intent = PartDiff::Intent::Create;
      return true;
    }
    conflict(object, "git changes it, and it is no longer in the database");
    return false;
  }
  if (diff.conflicts.empty()) return true;
  if (!git_wins) {
    conflict(object, "git and the database say different things about it: " +
                         describe_sides(diff.conflicts));
    return false;
  }
  diff.changes.insert(diff.changes.end(), diff.conflicts.begin(), diff.conflicts.end());
  diff.conflicts.clear();
  diff.intent = PartDiff::Intent::Change;
  return true;
}

void Planner::conflict(const ObjectIdentity& object, const std::string& what) {
  if (in_.allowances.take_git.contains(object.text())) return;
  plan_.holds.push_back(
      {ReasonCode::Conflict, object, fmt::format("{}: {}", object.text(), what),
       fmt::format("commit what the database has, or put `Take-Git: {}` in the commit message",
                   object.text())});
}

/// The loss is reported as a whole, with the collection. What git wants to change in it cannot be
/// done, and must not be forgotten either.
void Planner::in_lost_collection(const EntityDiff& diff, const ObjectIdentity& object) {
  if (diff.nothing_to_do() && !diff.meta.changed_while_missing &&
      !diff.schema.changed_while_missing)
    return;
  plan_.holds.push_back(
      {ReasonCode::Conflict, object,
       fmt::format("{}: git changes it, and its collection is no longer in the database",
                   object.text()),
       fmt::format("put `Take-Git: collection {}` in the commit message to make it anew, or take "
                   "it out of git",
                   object.name.substr(0, object.name.find('.')))});
}

void Planner::report_drift(const PartDiff& diff, const ObjectIdentity& object,
                           std::string_view part) {
  if (diff.missing) {
    plan_.drift.push_back(
        {Drift::Kind::Missing, object, fmt::format("{} is in git, not in the database", part)});
  } else if (!diff.drift.empty()) {
    plan_.drift.push_back({Drift::Kind::Altered, object, describe_sides(diff.drift)});
  }
}

void Planner::unmanaged() {
  std::unordered_set<std::string> unmanaged_collections;
  for (const Collection& live : live_.collections) {
    if (!live.meta || live.name.starts_with("directus_")) continue;
    if (desired_collections_.contains(live.name) || base_collections_.contains(live.name)) continue;
    unmanaged_collections.insert(live.name);
    Drift drift{Drift::Kind::Unmanaged, {"collection", live.name}, "in the database, in no commit"};
    if (live.schema) drift.count_sql = "select count(*) from " + qualified(live.name);
    plan_.drift.push_back(std::move(drift));
  }
  std::unordered_set<std::string> unmanaged_fields;
  for (const Field& live : live_.fields) {
    const std::string name = name_of(live);
    if (!live.meta || unmanaged_collections.contains(live.collection)) continue;
    if (desired_fields_.contains(name) || base_fields_.contains(name)) continue;
    if (base_collections_.contains(live.collection) &&
        !desired_collections_.contains(live.collection))
      continue;
    unmanaged_fields.insert(name);
    Drift drift{Drift::Kind::Unmanaged, {"field", name}, "in the database, in no commit"};
    if (live.schema) {
      drift.count_sql = fmt::format("select count({}) from {}", sql::quote_identifier(live.name),
                                    qualified(live.collection));
    }
    plan_.drift.push_back(std::move(drift));
  }
  for (const Relation& live : live_.relations) {
    const std::string name = name_of(live);
    if (!live.meta || unmanaged_collections.contains(live.collection) ||
        unmanaged_fields.contains(name))
      continue;
    if (desired_relations_.contains(name) || base_relations_.contains(name)) continue;
    plan_.drift.push_back(
        {Drift::Kind::Unmanaged, {"relation", name}, "in the database, in no commit"});
  }
}

void Planner::order_of_fields() {
  std::map<std::string, std::vector<std::string>> base_order;
  for (const Field& base : in_.base.fields) {
    if (base.meta) base_order[base.collection].push_back(base.name);
  }
  for (const auto& [collection, fields] : fields_by_collection_) {
    if (is_new_table(collection)) continue;
    std::vector<Placed> wanted;
    for (const Field* field : fields) {
      if (!field->meta) continue;
      const std::string name = name_of(*field);
      const auto live = live_fields_.find(name);
      const long id = live == live_fields_.end() ? 0 : live->second->id;
      if (id == 0 && base_fields_.contains(name)) continue;  // lost, and nobody makes it anew
      wanted.push_back({field->name, id});
    }
    if (!out_of_order(wanted) || !order_intended(wanted, base_order[collection])) continue;
    Step planned =
        step(Action::Change, {"order", collection}, collection, "fields in the order of the file");
    planned.statements.push_back(
        renumbering("directus_fields", "collection", "field", collection, wanted));
    add(std::move(planned));
  }
}

void Planner::order_of_relations() {
  std::map<std::string, std::vector<std::string>> base_order;
  for (const Relation& base : in_.base.relations) {
    if (base.meta) base_order[base.collection].push_back(base.field);
  }
  std::map<std::string, std::vector<Placed>> by_collection;
  for (const Relation& desired : in_.desired.relations) {
    if (!desired.meta) continue;
    const std::string name = name_of(desired);
    const auto live = live_relations_.find(name);
    const long id = live == live_relations_.end() ? 0 : live->second->id;
    if (id == 0 && base_relations_.contains(name)) continue;
    by_collection[desired.collection].push_back({desired.field, id});
  }
  for (const auto& [collection, wanted] : by_collection) {
    if (!out_of_order(wanted) || !order_intended(wanted, base_order[collection])) continue;
    Step planned = step(Action::Change, {"order of relations", collection}, collection,
                        "relations in the order of the file");
    planned.statements.push_back(
        renumbering("directus_relations", "many_collection", "many_field", collection, wanted));
    add(std::move(planned));
  }
}

void Planner::notes() {
  for (const MetadataTable* rows : {&collection_rows_, &field_rows_, &relation_rows_}) {
    for (const auto& [key, count] : rows->unknown()) {
      plan_.notes.push_back(
          fmt::format("{}: \"{}\" is in {} entries of the file, but this Directus has no column "
                      "{}.{}; it is left out",
                      in_.file, key, count, rows->name(), key));
    }
  }
}

}  // namespace reconcile::snapshot
