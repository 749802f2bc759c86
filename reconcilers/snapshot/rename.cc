#include "reconcilers/snapshot/rename.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reconcilers/snapshot/column_attributes.h"
#include "reconcilers/snapshot/column_ddl.h"
#include "reconcilers/snapshot/default_value.h"
#include "reconcilers/snapshot/live.h"
#include "reconcilers/snapshot/names.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::snapshot {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

/// "clubs.title" in two; tables and columns may hold a full stop, but then they cannot be renamed
/// by a line of text.
std::pair<std::string, std::string> parts(const std::string& name) {
  const std::size_t dot = name.find('.');
  return {name.substr(0, dot), dot == std::string::npos ? std::string() : name.substr(dot + 1)};
}

bool has_collection(const Snapshot& snapshot, std::string_view name) {
  return std::ranges::find(snapshot.collections, name, &Collection::name) !=
         snapshot.collections.end();
}

const Field* find_field(const Snapshot& snapshot, std::string_view collection,
                        std::string_view name) {
  const auto found = std::ranges::find_if(snapshot.fields, [&](const Field& field) {
    return field.collection == collection && field.name == name;
  });
  return found == snapshot.fields.end() ? nullptr : &*found;
}

bool has_field(const Snapshot& snapshot, const std::string& name) {
  const auto [collection, field] = parts(name);
  return find_field(snapshot, collection, field) != nullptr;
}

void replace_text(std::optional<Attributes>& part, std::string_view key, std::string_view from,
                  const std::string& to) {
  if (!part) return;
  Value* value = part->find(Key(key));
  if (value != nullptr && text_of(value) == from) *value = boost::json::string(to);
}

void rename_collection_in(Snapshot& snapshot, const std::string& from, const std::string& to) {
  for (Collection& entity : snapshot.collections) {
    if (entity.name == from) entity.name = to;
    replace_text(entity.meta, "group", from, to);
  }
  for (Field& entity : snapshot.fields) {
    if (entity.collection == from) entity.collection = to;
  }
  for (Relation& entity : snapshot.relations) {
    if (entity.collection == from) entity.collection = to;
    if (entity.related == from) entity.related = to;
    replace_text(entity.meta, "one_collection", from, to);
    replace_text(entity.schema, "foreign_key_table", from, to);
  }
}

void rename_field_in(Snapshot& snapshot, const std::string& collection, const std::string& from,
                     const std::string& to) {
  for (Field& entity : snapshot.fields) {
    if (entity.collection == collection && entity.name == from) entity.name = to;
  }
  for (Relation& entity : snapshot.relations) {
    if (entity.collection == collection && entity.field == from) entity.field = to;
    if (entity.related == collection) replace_text(entity.schema, "foreign_key_column", from, to);
  }
}

std::string list_of_columns(const std::vector<TextTable::Column>& columns) {
  std::string list;
  for (const TextTable::Column& column : columns) {
    if (column.name == "collection") continue;
    list += ", " + quote_identifier(column.name);
  }
  return list;
}

/// Directus' own tables with a column that names a collection: permissions, presets, revisions and
/// whatever this version has.
std::vector<std::string> tables_naming_collections(const LiveState& live) {
  std::vector<std::string> tables;
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    const std::string_view table = live.columns.text(row, 0);
    if (live.columns.text(row, 1) != "collection" || !table.starts_with("directus_")) continue;
    if (table != "directus_collections") tables.emplace_back(table);
  }
  return tables;
}

/// A row of directus_collections that others refer to cannot change its name: a copy under the new
/// one takes its place.
std::vector<std::string> move_rows(const LiveState& live, const std::string& from,
                                   const std::string& to) {
  const std::string old_name = quote_literal(from);
  const std::string new_name = quote_literal(to);
  const std::string columns = list_of_columns(live.collections.columns());
  std::vector<std::string> sql{
      fmt::format("insert into public.directus_collections (collection{0}) select {1}{0} from "
                  "public.directus_collections where collection = {2}",
                  columns, new_name, old_name),
      fmt::format("update public.directus_collections set \"group\" = {} where \"group\" = {}",
                  new_name, old_name)};
  for (const std::string& table : tables_naming_collections(live)) {
    sql.push_back(fmt::format("update public.{} set collection = {} where collection = {}",
                              quote_identifier(table), new_name, old_name));
  }
  for (const std::string_view column : {"many_collection", "one_collection"}) {
    sql.push_back(fmt::format("update public.directus_relations set {0} = {1} where {0} = {2}",
                              column, new_name, old_name));
  }
  sql.push_back("delete from public.directus_collections where collection = " + old_name);
  return sql;
}

std::vector<std::string> rename_table(const std::string& from, const std::string& to,
                                      const LiveState& live, const Snapshot& desired) {
  std::vector<std::string> sql{
      fmt::format("alter table {} rename to {}", qualified(from), quote_identifier(to)),
      fmt::format("alter index if exists public.{} rename to {}", quote_identifier(from + "_pkey"),
                  quote_identifier(to + "_pkey"))};
  for (std::size_t row = 0; row < live.columns.rows(); ++row) {
    if (live.columns.text(row, 0) != from) continue;
    const std::string column(live.columns.text(row, 1));
    const Field* wanted = find_field(desired, to, column);
    if (wanted == nullptr || !wanted->schema) continue;
    const auto sequence = sequence_of(text(*wanted->schema, "default_value"));
    if (!sequence || !is_natural(*sequence, *wanted)) continue;
    sql.push_back(fmt::format("alter sequence if exists public.{} rename to {}",
                              quote_identifier(fmt::format("{}_{}_seq", from, column)),
                              quote_identifier(sequence->name)));
  }
  return sql;
}

std::vector<std::string> rename_collection_sql(const Rename& rename, const LiveState& live,
                                               const Snapshot& desired) {
  const std::string& from = rename.from.name;
  const auto wanted = std::ranges::find(desired.collections, rename.to, &Collection::name);
  std::vector<std::string> sql;
  if (wanted != desired.collections.end() && wanted->schema)
    sql = rename_table(from, rename.to, live, desired);
  for (std::string& statement : move_rows(live, from, rename.to))
    sql.push_back(std::move(statement));
  return sql;
}

std::vector<std::string> rename_field_sql(const Rename& rename, const Snapshot& desired) {
  const std::string from = parts(rename.from.name).second;
  const auto [collection, to] = parts(rename.to);
  const std::string of_collection = "collection = " + quote_literal(collection);
  std::vector<std::string> sql;
  const Field* wanted = find_field(desired, collection, to);
  if (wanted != nullptr && wanted->schema) {
    sql.push_back(fmt::format("alter table {} rename column {} to {}", qualified(collection),
                              quote_identifier(from), quote_identifier(to)));
  }
  sql.push_back(fmt::format("update public.directus_fields set field = {} where {} and field = {}",
                            quote_literal(to), of_collection, quote_literal(from)));
  sql.push_back(
      fmt::format("update public.directus_relations set many_field = {} where many_{} "
                  "and many_field = {}",
                  quote_literal(to), of_collection, quote_literal(from)));
  sql.push_back(fmt::format(
      "update public.directus_permissions set fields = pg_catalog.array_to_string("
      "pg_catalog.array_replace(pg_catalog.string_to_array(fields, ','), {0}, {1}), ',') where {2} "
      "and {0} = any (pg_catalog.string_to_array(fields, ','))",
      quote_literal(from), quote_literal(to), of_collection));
  return sql;
}

}  // namespace

std::vector<Rename> confirmed_renames(const Allowances& allowances, const Snapshot& base,
                                      const Snapshot& desired, const Snapshot& live) {
  std::vector<Rename> confirmed;
  std::map<std::string, std::string> collections;
  for (const auto& [from, to] : allowances.renames) {
    constexpr std::string_view kind = "collection ";
    if (!from.starts_with(kind)) continue;
    const std::string name = from.substr(kind.size());
    if (!has_collection(base, name) || !has_collection(live, name) || has_collection(desired, name))
      continue;
    if (!has_collection(desired, to) || has_collection(base, to) || has_collection(live, to))
      continue;
    confirmed.push_back({{"collection", name}, to});
    collections.emplace(name, to);
  }
  for (const auto& [from, to] : allowances.renames) {
    constexpr std::string_view kind = "field ";
    if (!from.starts_with(kind)) continue;
    const std::string name = from.substr(kind.size());
    const std::string collection = parts(name).first;
    const auto renamed = collections.find(collection);
    if (parts(to).first != (renamed == collections.end() ? collection : renamed->second)) continue;
    if (!has_field(base, name) || !has_field(live, name) || has_field(desired, name)) continue;
    if (!has_field(desired, to) || has_field(base, to) || has_field(live, to)) continue;
    confirmed.push_back({{"field", name}, to});
  }
  return confirmed;
}

void rename_in(Snapshot& snapshot, const std::vector<Rename>& renames) {
  for (const Rename& rename : renames) {
    if (rename.from.kind == "collection") {
      rename_collection_in(snapshot, rename.from.name, rename.to);
    } else {
      rename_field_in(snapshot, parts(rename.to).first, parts(rename.from.name).second,
                      parts(rename.to).second);
    }
  }
}

std::vector<std::string> rename_sql(const Rename& rename, const LiveState& live,
                                    const Snapshot& desired) {
  return rename.from.kind == "collection" ? rename_collection_sql(rename, live, desired)
                                          : rename_field_sql(rename, desired);
}

std::string name_before(const std::vector<Rename>& renames, const ObjectIdentity& object) {
  auto [collection, field] = parts(object.name);
  for (const Rename& rename : renames) {
    if (rename.from.kind == "field" && rename.to == object.name)
      field = parts(rename.from.name).second;
    if (rename.from.kind == "collection" && rename.to == parts(object.name).first)
      collection = rename.from.name;
  }
  return field.empty() ? collection : collection + "." + field;
}

ColumnNames names_after(const std::vector<Rename>& renames, const LiveState& live,
                        const Field& field) {
  const std::string before = name_before(renames, {"field", name_of(field)});
  if (before == name_of(field)) return column_names(live, field.collection, field.name);
  const auto [table, column] = parts(before);
  ColumnNames names = column_names(live, table, column);
  for (const auto& [kind, name] :
       {std::pair<std::string_view, std::string*>{"unique", &names.unique_constraint},
        {"index", &names.index}}) {
    if (*name == generated_name(kind, table, column))
      *name = generated_name(kind, field.collection, field.name);
  }
  return names;
}

std::vector<std::string> rename_index_sql(const std::vector<Rename>& renames, const LiveState& live,
                                          const Snapshot& renamed) {
  std::vector<std::string> sql;
  for (const Field& field : renamed.fields) {
    const std::string before = name_before(renames, {"field", name_of(field)});
    if (!field.schema || before == name_of(field)) continue;
    const ColumnNames old_names = column_names(live, parts(before).first, parts(before).second);
    const ColumnNames new_names = names_after(renames, live, field);
    for (const auto member : {&ColumnNames::unique_constraint, &ColumnNames::index}) {
      if (old_names.*member == new_names.*member) continue;
      sql.push_back(fmt::format("alter index public.{} rename to {}",
                                quote_identifier(old_names.*member),
                                quote_identifier(new_names.*member)));
    }
  }
  return sql;
}

}  // namespace reconcile::snapshot
