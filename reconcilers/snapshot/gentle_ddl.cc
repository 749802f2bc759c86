#include "reconcilers/snapshot/gentle_ddl.h"

#include <fmt/format.h>

#include "reconcilers/snapshot/column_attributes.h"
#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

using sql::quote_identifier;

Statement gently(std::string plain, Gentle gentle) {
  return {.text = std::move(plain), .gentle = std::make_shared<const Gentle>(std::move(gentle))};
}

Statement alone(std::string text, Alone what) {
  return {.text = std::move(text), .alone = std::make_shared<const Alone>(std::move(what))};
}

Statement build_index(std::string_view kind, std::string_view table, std::string_view column,
                      std::string_view name, std::string violators = {},
                      std::string violation = {}) {
  const std::string index = quote_identifier(name);
  const std::string copy = "pg_temp." + quote_identifier(table);
  const std::string on =
      fmt::format("{} on {} ({})", index, qualified(table), quote_identifier(column));
  return alone(fmt::format("create {} concurrently {}", kind, on),
               {.kind = Alone::Kind::CreateIndex,
                .command = "CREATE INDEX CONCURRENTLY",
                .relation = qualified(table),
                .name = std::string(name),
                .copy = copy,
                .on_copy = fmt::format("create {} {} on {} ({})", kind, index, copy,
                                       quote_identifier(column)),
                .violators = std::move(violators),
                .violation = std::move(violation)});
}

std::string name_of_proof(std::string_view table, std::string_view column) {
  return generated_name("reconcile_not_null", table, column);
}

std::string drop_constraint(std::string_view table, std::string_view constraint) {
  return fmt::format("alter table {} drop constraint if exists {}", qualified(table),
                     quote_identifier(constraint));
}

/// The rows that are there already, read while others go on writing.
Statement validate(std::string_view table, std::string_view constraint, std::string violators,
                   std::string violation) {
  const std::string name = quote_identifier(constraint);
  return alone(fmt::format("alter table {} validate constraint {}", qualified(table), name),
               {.kind = Alone::Kind::Validate,
                .command = "VALIDATE CONSTRAINT",
                .relation = qualified(table),
                .name = std::string(constraint),
                .undo = drop_constraint(table, constraint),
                .violators = std::move(violators),
                .violation = std::move(violation)});
}

Statement validate(const ForeignKey& key) {
  return validate(
      key.table, key.name,
      fmt::format("select pg_catalog.count(*) from {} t where t.{} is not null and not exists "
                  "(select from {} o where o.{} = t.{})",
                  qualified(key.table), quote_identifier(key.column), qualified(key.other_table),
                  quote_identifier(key.other_column), quote_identifier(key.column)),
      fmt::format("refer in {} to what {} does not have", key.column, key.other_table));
}

}  // namespace

Statement create_index(std::string_view table, std::string_view column, std::string_view name) {
  return gently(fmt::format("create index {} on {} ({})", quote_identifier(name), qualified(table),
                            quote_identifier(column)),
                {.inside = {},
                 .after = {build_index("index", table, column, name)},
                 .detail = fmt::format("index {}", name)});
}

Statement add_unique(std::string_view table, std::string_view column, std::string_view name) {
  const std::string constraint = quote_identifier(name);
  const std::string shared = fmt::format(
      "select coalesce(pg_catalog.sum(n), 0) from (select pg_catalog.count(*) as n from {0} "
      "where {1} is not null group by {1} having pg_catalog.count(*) > 1) d",
      qualified(table), quote_identifier(column));
  Statement index = build_index("unique index", table, column, name, shared,
                                fmt::format("share their value of {} with others", column));
  Statement use = alone(fmt::format("alter table {} add constraint {} unique using index {}",
                                    qualified(table), constraint, constraint),
                        {.kind = Alone::Kind::AddUnique,
                         .command = "ADD CONSTRAINT UNIQUE USING INDEX",
                         .relation = qualified(table),
                         .name = std::string(name)});
  return gently(fmt::format("alter table {} add constraint {} unique ({})", qualified(table),
                            constraint, quote_identifier(column)),
                {.inside = {},
                 .after = {std::move(index), std::move(use)},
                 .detail = fmt::format("unique constraint {}", name)});
}

Statement set_not_null(std::string_view table, std::string_view column) {
  const std::string name = quote_identifier(column);
  const std::string proof = name_of_proof(table, column);
  const std::string drop = drop_constraint(table, proof);
  const std::string set =
      fmt::format("alter table {} alter column {} set not null", qualified(table), name);
  Statement proven = alone(set + "; " + drop, {.kind = Alone::Kind::SetNotNull,
                                               .command = "SET NOT NULL",
                                               .relation = qualified(table),
                                               .name = std::string(column),
                                               .proof = proof});
  Statement checked = validate(
      table, proof,
      fmt::format("select pg_catalog.count(*) from {} where {} is null", qualified(table), name),
      fmt::format("have no value in {}", column));
  return gently(
      set, {.inside = fmt::format("{}, add constraint {} check ({} is not null) not valid", drop,
                                  quote_identifier(proof), name),
            .after = {std::move(checked), std::move(proven)},
            .detail = "not null, checked for the rows that are there"});
}

std::string_view rule_sql(std::string_view wanted) {
  for (const std::string_view known : {"CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT"}) {
    if (wanted == known) return known;
  }
  return "NO ACTION";
}

ForeignKey foreign_key(const Relation& relation) {
  const auto text = [&](std::string_view key) { return text_of(relation.schema->find(Key(key))); };
  return {relation.collection,
          relation.field,
          text("constraint_name"),
          text("foreign_key_table"),
          text("foreign_key_column"),
          fmt::format("on update {} on delete {}", rule_sql(text("on_update")),
                      rule_sql(text("on_delete")))};
}

std::string references_sql(const ForeignKey& key) {
  return fmt::format("references {} ({}){}{}", qualified(key.other_table),
                     quote_identifier(key.other_column), key.rules.empty() ? "" : " ", key.rules);
}

Statement add_foreign_key(const ForeignKey& key) {
  std::string plain =
      fmt::format("alter table {} add constraint {} foreign key ({}) {}", qualified(key.table),
                  quote_identifier(key.name), quote_identifier(key.column), references_sql(key));
  std::string inside = plain + " not valid";
  return gently(std::move(plain),
                {.inside = std::move(inside),
                 .after = {validate(key)},
                 .detail = fmt::format("{}, checked for the rows that are there", key.name)});
}

Statement validate_foreign_key(const ForeignKey& key) {
  Statement check = validate(key);
  std::string plain = check.text;
  return gently(std::move(plain),
                {.inside = {},
                 .after = {std::move(check)},
                 .detail = fmt::format("{}, checked for the rows that are there", key.name)});
}

std::vector<Statement> leftovers(const Field& begun, const Field& desired,
                                 std::string_view former_name) {
  std::vector<Statement> statements;
  if (!desired.schema) return statements;
  const std::size_t dot = former_name.rfind('.');
  const std::string_view table = former_name.substr(0, dot);
  const std::string_view column = former_name.substr(dot + 1);
  const bool renamed = name_of(desired) != former_name;
  const auto drop_index = [&](std::string_view kind) {
    statements.push_back(
        {"drop index if exists " + qualified(generated_name(kind, table, column))});
  };
  // A proof that is still asked for is made anew, whatever way NOT NULL goes then.
  if (begun.unproven)
    statements.push_back({drop_constraint(desired.collection, name_of_proof(table, column))});
  if (begun.half_unique && (renamed || !truth(*desired.schema, "is_unique"))) drop_index("unique");
  if (begun.half_indexed && (renamed || !truth(*desired.schema, "is_indexed"))) drop_index("index");
  return statements;
}

}  // namespace reconcile::snapshot
