#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/gentle_ddl.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/snapshot/planner.h"
#include "reconcilers/snapshot/quarantine_sql.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

using Intent = PartDiff::Intent;
using sql::quote_identifier;
using sql::quote_literal;

std::string describe(const std::vector<Difference>& changes) {
  std::string text;
  for (const Difference& change : changes) {
    if (!text.empty()) text += "; ";
    text +=
        fmt::format("{}: {} → {}", change.key.name(), render(change.live), render(change.desired));
  }
  return text;
}

std::string join(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "; ";
    text += part;
  }
  return text;
}

Statement ranked(Statement statement, int rank) {
  statement.rank = rank;
  return statement;
}

Statement ranked(std::string text, int rank) { return ranked(Statement{std::move(text)}, rank); }

std::string text_at(const Attributes& attributes, std::string_view key) {
  return std::string(text_of(attributes.find(Key(key))));
}

}  // namespace

/// What every entity has in common: conflicts are held, drift is reported, and what is left is a
/// step or nothing.
bool Planner::consider(EntityDiff& diff, const ObjectIdentity& object, MetadataTable& rows,
                       std::string_view part) {
  for (const Key key : diff.meta.unknown) rows.note_unknown(key);
  for (const Key key : diff.schema.unknown) ++unknown_[std::string(key.name())];
  const bool meta_decided = decide(diff.meta, object);
  const bool schema_decided = decide(diff.schema, object);
  if (!meta_decided || !schema_decided) return false;
  report_drift(diff.meta, object, "metadata");
  report_drift(diff.schema, object, part);
  return !diff.nothing_to_do();
}

void Planner::collection(const Collection& desired) {
  const ObjectIdentity object{"collection", desired.name};
  const Collection* base = find(base_collections_, desired.name);
  const Collection* live = find(live_collections_, desired.name);
  if (base != nullptr && live == nullptr && in_.allowances.take_git.contains(object.text())) {
    // The database has lost it and git is right: it is made anew, with everything in it.
    retaken_.insert(desired.name);
    base = nullptr;
  }
  EntityDiff diff = compare(base, desired, live);
  const PartDiff& meta = diff.meta;
  const PartDiff& schema = diff.schema;
  const bool wanted = consider(diff, object, collection_rows_, "table");
  if (schema.missing || meta.missing) missing_collections_.insert(desired.name);
  if (!wanted) return;

  Step planned = step(diff.action(), object, desired.name, describe(meta.changes));
  const std::string where = fmt::format("collection = {}", quote_literal(desired.name));
  if (schema.intent == Intent::Create) {
    create_table(desired, planned);
  } else if (meta.intent == Intent::Create) {
    planned.detail = desired.schema ? "tracked by Directus from now on" : "folder";
  }
  if (meta.intent == Intent::Create) {
    planned.statements.push_back(
        ranked(collection_rows_.insert(*desired.meta, {{"collection", desired.name}}),
               collection_row + folder_depth(desired, desired_collections_)));
  } else if (meta.intent == Intent::Change) {
    planned.statements.push_back(ranked(collection_rows_.update(meta.changes, where), update_row));
  } else if (meta.intent == Intent::Remove) {
    planned.statements.push_back(
        ranked("delete from public.directus_collections where " + where,
               drop_collection_row - folder_depth(*live, live_collections_)));
  }
  if (schema.intent == Intent::Remove) {
    planned.statements.push_back(ranked(take_table_sql(desired.name), drop_collection));
    at_stake(planned, desired.name, "");
  }
  planned.destructive = planned.action == Action::Remove;
  if (planned.destructive)
    planned.statements.push_back(ranked(remember_sql("collection", desired.name), remember));
  add(std::move(planned));
}

void Planner::create_table(const Collection& desired, Step& planned) {
  std::string columns;
  std::size_t count = 0;
  for (const Field* field : fields_by_collection_[desired.name]) {
    if (!field->schema) continue;
    auto column = column_sql(*field);
    if (!column) {
      unsupported({"field", name_of(*field)}, column.error());
      continue;
    }
    columns += fmt::format("{}\n  {}", count == 0 ? "" : ",", *column);
    ++count;
  }
  if (count == 0) {
    // Directus lists a table without a single-column primary key, but none of its columns.
    plan_.holds.push_back(
        {ReasonCode::UnsupportedSnapshot, planned.object,
         fmt::format("{}: the file has the table but none of its columns", planned.object.text()),
         "create the table in a file below migrations/pre"});
    return;
  }
  new_tables_.insert(desired.name);
  planned.detail = fmt::format("table, {} columns", count);
  planned.statements.push_back(ranked(
      fmt::format("create table {} ({}\n)", qualified(desired.name), columns), Rank::create_table));
  for (const Field* field : fields_by_collection_[desired.name]) {
    if (field->schema) add_column_needs(*field, planned);
  }
}

void Planner::add_column_needs(const Field& desired, Step& planned) {
  for (std::string& statement : column_prerequisites(desired))
    planned.statements.push_back(ranked(std::move(statement), create_sequence));
  for (Statement& statement : column_extras(desired)) {
    // Nobody can be using it yet.
    if (is_new_table(desired.collection)) statement.gentle.reset();
    planned.statements.push_back(ranked(std::move(statement), alter_table));
  }
  if (const std::string open = assumption(desired); !open.empty())
    plan_.notes.push_back(fmt::format("field {}: {}", name_of(desired), open));
}

/// Since 11.10 Directus lists no relation for a foreign key it does not track, but the column still
/// says what it refers to.
void Planner::create_unlisted_constraint(const Field& desired, Step& planned) {
  const std::string table = text_at(*desired.schema, "foreign_key_table");
  const std::string column = text_at(*desired.schema, "foreign_key_column");
  if (table.empty() || column.empty() || desired_relations_.contains(name_of(desired))) return;
  const std::string constraint = generated_name("foreign", desired.collection, desired.name);
  add_constraint({desired.collection, desired.name, constraint, table, column}, planned);
  plan_.notes.push_back(
      fmt::format("field {} refers to {}.{}, and no relation says how: it is made NO ACTION",
                  name_of(desired), table, column));
}

/// What the file says and PostgreSQL cannot be told is a person's to decide: nothing of it is
/// guessed.
void Planner::unsupported(const ObjectIdentity& object, const Error& error) {
  plan_.holds.push_back({ReasonCode::UnsupportedSnapshot, object,
                         fmt::format("{}: {}", object.text(), error.what), error.next});
}

void Planner::field(const Field& desired) {
  const std::string name = name_of(desired);
  const ObjectIdentity object{"field", name};
  const Field* base = retaken_.contains(desired.collection) ? nullptr : find(base_fields_, name);
  const Field* live = find(live_fields_, name);
  EntityDiff diff = compare(base, desired, live);
  if (missing_collections_.contains(desired.collection)) {
    in_lost_collection(diff, object);
    return;
  }
  std::vector<Statement> left;
  if (base != nullptr) left = leftovers(*base, desired, name_before(renames_, object));
  if (!consider(diff, object, field_rows_, "column") && left.empty()) return;

  const PartDiff& meta = diff.meta;
  const PartDiff& schema = diff.schema;
  Step planned = step(diff.nothing_to_do() ? Action::Change : diff.action(), object,
                      desired.collection, join({describe(schema.changes), describe(meta.changes)}));
  for (Statement& statement : left)
    planned.statements.push_back(ranked(std::move(statement), alter_table));
  planned.destructive = planned.action == Action::Remove;
  if (planned.destructive) {
    planned.statements.push_back(
        ranked(remember_sql("field", desired.collection, desired.name), remember));
  }
  const std::string where = live == nullptr ? "" : fmt::format("id = {}", live->id);
  if (schema.intent == Intent::Create) {
    create_column(desired, planned);
  } else if (schema.intent == Intent::Change) {
    change_column(desired, *live, schema.changes, planned);
  } else if (schema.intent == Intent::Remove) {
    planned.statements.push_back(
        ranked(take_column_sql(desired.collection, desired.name), drop_field));
    at_stake(planned, desired.collection, desired.name);
    planned.detail = join({"column to quarantine", planned.detail});
  }
  if (meta.intent == Intent::Create) {
    if (!desired.schema) planned.detail = "no column";
    planned.statements.push_back(
        ranked(field_rows_.insert(*desired.meta,
                                  {{"collection", desired.collection}, {"field", desired.name}}),
               field_row));
  } else if (meta.intent == Intent::Change) {
    planned.statements.push_back(ranked(field_rows_.update(meta.changes, where), update_row));
  } else if (meta.intent == Intent::Remove) {
    planned.statements.push_back(
        ranked("delete from public.directus_fields where " + where, drop_field));
  }
  add(std::move(planned));
}

void Planner::create_column(const Field& desired, Step& planned) {
  planned.detail = describe_column(*desired.schema);
  create_unlisted_constraint(desired, planned);
  if (is_new_table(desired.collection)) return;
  auto added = add_column(desired, references_of_new(desired));
  if (!added) return unsupported(planned.object, added.error());
  alter(*added, desired, planned);
  add_column_needs(desired, planned);
}

/// A foreign key of the same plan needs what makes its target unique before it.
void Planner::alter(std::vector<Statement>& statements, const Field& field, Step& planned) {
  const auto refers = [&](const Relation& relation) {
    return relation.schema &&
           text_of(relation.schema->find(Key("foreign_key_table"))) == field.collection &&
           text_of(relation.schema->find(Key("foreign_key_column"))) == field.name;
  };
  for (Statement& statement : statements) {
    const bool unique = statement.text.find(" unique (") != std::string::npos;
    if (unique && std::ranges::any_of(in_.desired.relations, refers)) statement.gentle.reset();
    planned.statements.push_back(ranked(std::move(statement), alter_table));
  }
}

void Planner::change_column(const Field& desired, const Field& live,
                            std::vector<Difference> changes, Step& planned) {
  auto altered = alter_sql(desired, changes, names_after(renames_, in_.live, desired));
  if (!altered) return unsupported(planned.object, altered.error());
  alter(*altered, desired, planned);
  const bool retyped = std::ranges::any_of(changes, [](const Difference& change) {
    return change.key == Key("data_type") || change.key == Key("max_length") ||
           change.key == Key("numeric_precision") || change.key == Key("numeric_scale");
  });
  if (retyped && narrows(*live.schema, *desired.schema)) {
    planned.destructive = true;
    at_stake(planned, desired.collection, desired.name);
  }
}

void Planner::relation(const Relation& desired) {
  const std::string name = name_of(desired);
  const ObjectIdentity object{"relation", name};
  const Relation* base =
      retaken_.contains(desired.collection) ? nullptr : find(base_relations_, name);
  const Relation* live = find(live_relations_, name);
  EntityDiff diff = compare(base, desired, live);
  if (missing_collections_.contains(desired.collection)) {
    in_lost_collection(diff, object);
    return;
  }
  // Made by a pass that broke off before it counted for the rows that were there.
  const bool unvalidated =
      base != nullptr && !base->validated && live != nullptr && !live->validated && desired.schema;
  if (!consider(diff, object, relation_rows_, "foreign key") && !unvalidated) return;

  const PartDiff& meta = diff.meta;
  const PartDiff& schema = diff.schema;
  Step planned = step(diff.action(), object, desired.collection,
                      join({describe(schema.changes), describe(meta.changes)}));
  planned.destructive = planned.action == Action::Remove;
  if (planned.destructive) {
    planned.statements.push_back(
        ranked(remember_sql("relation", desired.collection, desired.field), remember));
  }
  const bool only_named_otherwise = schema.intent == Intent::Change &&
                                    std::ranges::all_of(schema.changes, [](const auto& change) {
                                      return change.key == Key("constraint_name");
                                    });
  const bool replaced = schema.intent == Intent::Change && !only_named_otherwise;
  const auto constraint = [](const Relation& side) {
    return quote_identifier(text_at(*side.schema, "constraint_name"));
  };
  if (only_named_otherwise) {
    planned.statements.push_back(
        ranked(fmt::format("alter table {} rename constraint {} to {}",
                           qualified(desired.collection), constraint(*live), constraint(desired)),
               alter_table));
  }
  if (replaced || schema.intent == Intent::Remove) {
    planned.statements.push_back(
        ranked(fmt::format("alter table {} drop constraint {}", qualified(desired.collection),
                           constraint(*live)),
               drop_relation));
  }
  if (replaced || schema.intent == Intent::Create) create_constraint(desired, planned);
  if (unvalidated && !replaced && schema.intent != Intent::Create) {
    if (diff.nothing_to_do()) planned.action = Action::Change;
    planned.statements.push_back(ranked(validate_foreign_key(foreign_key(desired)), add_relation));
  }
  const std::string where = live == nullptr ? "" : fmt::format("id = {}", live->id);
  if (meta.intent == Intent::Create) {
    if (planned.detail.empty())
      planned.detail = desired.related.empty() ? "to any collection" : "to " + desired.related;
    planned.statements.push_back(
        ranked(relation_rows_.insert(*desired.meta, {{"many_collection", desired.collection},
                                                     {"many_field", desired.field}}),
               relation_row));
  } else if (meta.intent == Intent::Change) {
    planned.statements.push_back(ranked(relation_rows_.update(meta.changes, where), update_row));
  } else if (meta.intent == Intent::Remove) {
    planned.statements.push_back(
        ranked("delete from public.directus_relations where " + where, drop_relation));
  }
  add(std::move(planned));
}

void Planner::create_constraint(const Relation& desired, Step& planned) {
  const Attributes& schema = *desired.schema;
  // Directus 9 named the other schema, and reads its own only.
  const std::string other = text_at(schema, "foreign_key_schema");
  if (!other.empty() && other != "public") {
    return unsupported(planned.object,
                       {.where = planned.object.text(),
                        .what = "it refers to a table in schema " + other,
                        .why = "",
                        .next = "make the constraint in a file below migrations/post, and take "
                                "the relation's schema out of the snapshot"});
  }
  if (!with_column_.contains(name_of(desired))) add_constraint(foreign_key(desired), planned);
  if (planned.action == Action::Create) {
    planned.detail =
        fmt::format("to {}.{}, on delete {}", text_at(schema, "foreign_key_table"),
                    text_at(schema, "foreign_key_column"), rule_sql(text_at(schema, "on_delete")));
  }
}

void Planner::add_constraint(const ForeignKey& key, Step& planned) {
  Statement statement = add_foreign_key(key);
  if (is_new_table(planned.group)) statement.gentle.reset();
  planned.statements.push_back(ranked(std::move(statement), add_relation));
}

/// Made together with its column, the constraint asks nothing of the rows that are there: they all
/// have NULL. What it refers to has to be there by then.
std::string Planner::references_of_new(const Field& desired) {
  const std::string name = name_of(desired);
  const Relation* relation = find(desired_relations_, name);
  if (relation == nullptr || !relation->schema || find(live_relations_, name) != nullptr) return {};
  if (find(base_relations_, name) != nullptr && !retaken_.contains(desired.collection)) return {};
  const Value* default_value = desired.schema->find(Key("default_value"));
  const bool filled = (default_value != nullptr && !default_value->is_null()) ||
                      truth_of(desired.schema->find(Key("is_generated")));
  const ForeignKey key = foreign_key(*relation);
  const std::string other = fmt::format("{}.{}", key.other_table, key.other_column);
  const Field* target = find(live_fields_, other);
  const bool unique = target != nullptr && target->schema &&
                      (truth_of(target->schema->find(Key("is_primary_key"))) ||
                       truth_of(target->schema->find(Key("is_unique"))));
  const bool there = unique || is_new_table(std::string(key.other_table));
  const std::string schema = text_at(*relation->schema, "foreign_key_schema");
  if (filled || !there || (!schema.empty() && schema != "public")) return {};
  with_column_.insert(name);
  return fmt::format(" constraint {} {}", quote_identifier(key.name), references_sql(key));
}

}  // namespace reconcile::snapshot
