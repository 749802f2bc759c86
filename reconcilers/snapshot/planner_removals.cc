#include <fmt/format.h>

#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/snapshot/quarantine_sql.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

}  // namespace

bool Planner::is_removed(const std::string& collection) const {
  return base_collections_.contains(collection) && !desired_collections_.contains(collection);
}

/// What of a collection is no longer as git had it, columns that git never had included: their data
/// would go with the table.
std::string Planner::changed_since(const Collection& base, const Collection& live) const {
  if (differs(base, live)) return "it";
  for (const Field& field : live_.fields) {
    if (field.collection != base.name) continue;
    const auto before = base_fields_.find(name_of(field));
    if (before == base_fields_.end() || differs(*before->second, field))
      return "its field " + field.name;
  }
  return {};
}

/// What stays in the database and cannot do without a collection that git removes; empty where
/// nothing does.
std::string Planner::needed_by(const Collection& removed) const {
  for (const Collection& inner : live_.collections) {
    const bool inside = inner.meta && text_of(inner.meta->find(Key("group"))) == removed.name;
    if (inside && !desired_collections_.contains(inner.name) && !is_removed(inner.name))
      return "collection " + inner.name;
  }
  for (const Relation& relation : live_.relations) {
    if (!relation.schema || relation.related != removed.name || is_removed(relation.collection))
      continue;
    const std::string name = name_of(relation);
    if (!desired_relations_.contains(name) && !base_relations_.contains(name))
      return "relation " + name;
  }
  return {};
}

/// Says how to count the rows that a step loses, all of a table's or those with a value, and what
/// to lock for it: before the first statement of the plan, so under the names before its renames.
void Planner::at_stake(Step& step, const std::string& collection, const std::string& field) const {
  const std::string table = name_before(renames_, {"collection", collection});
  step.table = qualified(table);
  std::string counted = "*";
  if (!field.empty()) {
    const std::string before = name_before(renames_, {"field", collection + "." + field});
    counted = quote_identifier(before.substr(table.size() + 1));
  }
  step.count_sql = fmt::format("select count({}) from {}", counted, step.table);
}

void Planner::removed_collections() {
  for (const Collection& base : in_.base.collections) {
    const auto live = live_collections_.find(base.name);
    if (desired_collections_.contains(base.name) || live == live_collections_.end()) continue;
    const ObjectIdentity object{"collection", base.name};
    if (const std::string changed = changed_since(base, *live->second); !changed.empty()) {
      conflict(object, fmt::format("git removes it, and somebody changed {} in the database since",
                                   changed));
      if (!in_.allowances.take_git.contains(object.text())) continue;
    }
    if (const std::string needed = needed_by(base); !needed.empty()) {
      plan_.holds.push_back(
          {ReasonCode::Conflict, object,
           fmt::format("{}: git removes it, and {}, which no commit has, needs it", object.text(),
                       needed),
           fmt::format("commit {} with `reconcile snapshot`, or take it out of the database",
                       needed)});
      continue;
    }
    Step planned = step(Action::Remove, object, base.name,
                        "with its fields, relations, permissions and presets");
    planned.reason = fmt::format("no longer in {} since {}", in_.file, in_.revision.short_commit());
    planned.destructive = true;
    planned.statements.push_back({.text = remember_sql("collection", base.name), .rank = remember});
    if (live->second->schema) {
      planned.detail = "table to quarantine, with its fields, relations, permissions and presets";
      at_stake(planned, base.name, "");
      planned.statements.push_back({.text = take_table_sql(base.name), .rank = drop_collection});
    }
    const std::string name = quote_literal(base.name);
    // Permissions would come back to life with the next collection of that name. Activity and
    // revisions stay: they are the record of who did what.
    for (const auto& [table, column] : {std::pair{"directus_relations", "many_collection"},
                                        std::pair{"directus_fields", "collection"},
                                        std::pair{"directus_permissions", "collection"},
                                        std::pair{"directus_presets", "collection"}}) {
      planned.statements.push_back(
          {.text = fmt::format("delete from public.{} where {} = {}", table, column, name),
           .rank = drop_collection});
    }
    planned.statements.push_back(
        {.text = fmt::format("delete from public.directus_collections where collection = {}", name),
         .rank = drop_collection_row - folder_depth(*live->second, live_collections_)});
    add(std::move(planned));
  }
}

void Planner::removed_fields() {
  for (const Field& base : in_.base.fields) {
    const std::string name = name_of(base);
    const auto live = live_fields_.find(name);
    if (desired_fields_.contains(name) || live == live_fields_.end() || is_removed(base.collection))
      continue;
    const ObjectIdentity object{"field", name};
    if (differs(base, *live->second)) {
      conflict(object, "git removes it, and somebody changed it in the database since");
      if (!in_.allowances.take_git.contains(object.text())) continue;
    }
    Step planned = step(Action::Remove, object, base.collection, "no column");
    planned.reason = fmt::format("no longer in {} since {}", in_.file, in_.revision.short_commit());
    planned.destructive = true;
    planned.statements.push_back(
        {.text = remember_sql("field", base.collection, base.name), .rank = remember});
    if (live->second->schema) {
      planned.detail = "column to quarantine: " + describe_column(*live->second->schema);
      at_stake(planned, base.collection, base.name);
      planned.statements.push_back(
          {.text = take_column_sql(base.collection, base.name), .rank = drop_field});
    }
    planned.statements.push_back(
        {.text =
             fmt::format("delete from public.directus_fields where collection = {} and field = {}",
                         quote_literal(base.collection), quote_literal(base.name)),
         .rank = drop_field});
    add(std::move(planned));
  }
}

void Planner::removed_relations() {
  for (const Relation& base : in_.base.relations) {
    const std::string name = name_of(base);
    const auto live = live_relations_.find(name);
    if (desired_relations_.contains(name) || live == live_relations_.end()) continue;
    const ObjectIdentity object{"relation", name};
    // Its field or its collection goes too, and that removal is what a person allows.
    const bool implied = is_removed(base.collection) ||
                         (base_fields_.contains(name) && !desired_fields_.contains(name));
    if (!implied && differs(base, *live->second)) {
      conflict(object, "git removes it, and somebody changed it in the database since");
      if (!in_.allowances.take_git.contains(object.text())) continue;
    }
    Step planned = step(Action::Remove, object, base.collection,
                        base.related.empty() ? "" : "to " + base.related);
    planned.reason = fmt::format("no longer in {} since {}", in_.file, in_.revision.short_commit());
    planned.destructive = !implied;
    if (!implied) {
      planned.statements.push_back(
          {.text = remember_sql("relation", base.collection, base.field), .rank = remember});
    }
    if (live->second->schema) {
      planned.statements.push_back(
          {.text = fmt::format(
               "alter table {} drop constraint {}", qualified(base.collection),
               quote_identifier(text_of(live->second->schema->find(Key("constraint_name"))))),
           .rank = drop_relation});
    }
    if (live->second->meta) {
      planned.statements.push_back(
          {.text =
               fmt::format("delete from public.directus_relations where id = {}", live->second->id),
           .rank = drop_relation});
    }
    add(std::move(planned));
  }
}

}  // namespace reconcile::snapshot
