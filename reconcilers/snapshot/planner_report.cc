#include <fmt/format.h>

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

void Planner::notes() {
  for (const MetadataTable* rows : {&collection_rows_, &field_rows_, &relation_rows_}) {
    for (const auto& [key, count] : rows->unknown()) {
      plan_.notes.push_back(
          fmt::format("{}: \"{}\" is in {} entries of the file, but this Directus has no column "
                      "{}.{}; it is left out",
                      in_.file, key, count, rows->name(), key));
    }
  }
  for (const auto& [key, count] : unknown_) {
    // Directus 9 and 10 wrote these; they say nothing about a table in the schema Directus reads.
    if (key == "schema" || key == "comment" || key == "foreign_key_schema") continue;
    plan_.notes.push_back(fmt::format(
        "{}: \"{}\" is in the schema of {} entries of the file; it is unknown here and left out",
        in_.file, key, count));
  }
}

}  // namespace reconcile::snapshot
