#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconcilers/sql/hazard_reader.h"
#include "reconcilers/sql/parse_tree.h"
#include "reconcilers/sql/quote.h"

// CREATE, DROP, RENAME and their like: what becomes of objects as a whole.
namespace reconcile::sql {
namespace {

namespace json = boost::json;

/// "OBJECT_MATVIEW" as people say it.
std::string_view word_for(std::string_view object_type) {
  struct Entry {
    std::string_view type, word;
  };
  constexpr std::array<Entry, 16> words{{{"OBJECT_TABLE", "table"},
                                         {"OBJECT_FOREIGN_TABLE", "foreign table"},
                                         {"OBJECT_VIEW", "view"},
                                         {"OBJECT_MATVIEW", "materialized view"},
                                         {"OBJECT_SEQUENCE", "sequence"},
                                         {"OBJECT_INDEX", "index"},
                                         {"OBJECT_SCHEMA", "schema"},
                                         {"OBJECT_TYPE", "type"},
                                         {"OBJECT_DOMAIN", "domain"},
                                         {"OBJECT_EXTENSION", "extension"},
                                         {"OBJECT_POLICY", "policy"},
                                         {"OBJECT_FUNCTION", "function"},
                                         {"OBJECT_PROCEDURE", "procedure"},
                                         {"OBJECT_COLLATION", "collation"},
                                         {"OBJECT_TRIGGER", "trigger"},
                                         {"OBJECT_ACCESS_METHOD", "access method"}}};
  const auto* found = std::find_if(words.begin(), words.end(),
                                   [&](const Entry& entry) { return entry.type == object_type; });
  return found == words.end() ? "object" : found->word;
}

bool is_relation(std::string_view kind) {
  return kind == "table" || kind == "materialized view" || kind == "sequence";
}

/// The words of a name, whatever node a DROP holds it in.
std::vector<std::string> words_of(const json::value& object) {
  const Node node = node_in(object);
  std::vector<std::string> words;
  if (node.members == nullptr) return words;
  if (node.type == "String") return {std::string(text_of(*node.members, "sval"))};
  const std::string_view list = node.type == "List"             ? "items"
                                : node.type == "TypeName"       ? "names"
                                : node.type == "ObjectWithArgs" ? "objname"
                                                                : "";
  for (const json::value& part : array_in(*node.members, list)) {
    const json::object* text = inner(part);
    if (text != nullptr) words.emplace_back(text_of(*text, "sval"));
  }
  return words;
}

QualifiedName name_of_words(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  return {words.size() > 1 ? words[words.size() - 2] : std::string(), words.back()};
}

}  // namespace

bool HazardReader::read_object(std::string_view type, const Members& statement) {
  if (type == "DropStmt") {
    drop(statement);
  } else if (type == "CreateStmt") {
    create_table(statement);
  } else if (type == "CreateTableAsStmt") {
    const json::object* into = object_in(statement, "into");
    nested_changes(statement);
    if (into != nullptr) create_table_as(*into, flag(statement, "if_not_exists"));
  } else if (type == "IndexStmt") {
    create_index(statement);
  } else if (type == "RenameStmt") {
    rename(statement);
  } else if (type == "AlterObjectSchemaStmt") {
    const json::object* range = object_in(statement, "relation");
    if (range == nullptr || text_of(statement, "objectType") != "OBJECT_TABLE") return true;
    const Table table = around_.table(name_of_range(*range));
    if (table.standing != Standing::Made) add("rename-table", table);
    around_.renamed_table(name_of_range(*range),
                          {std::string(text_of(statement, "newschema")), {}});
  } else if (type == "AlterEnumStmt") {
    alter_enum(statement);
  } else if (type == "AlterDomainStmt") {
    alter_domain(statement);
  } else if (type == "ReindexStmt") {
    reindex(statement);
  } else if (type == "CreatePolicyStmt" || type == "AlterPolicyStmt" || type == "RuleStmt") {
    const json::object* range = object_in(statement, type == "RuleStmt" ? "relation" : "table");
    if (range != nullptr) add_brief_lock(around_.table(name_of_range(*range)), "ACCESS EXCLUSIVE");
  } else if (type == "CreateTrigStmt") {
    const json::object* range = object_in(statement, "relation");
    if (range != nullptr)
      add_brief_lock(around_.table(name_of_range(*range)), "SHARE ROW EXCLUSIVE");
  } else {
    return false;
  }
  return true;
}

void HazardReader::drop(const Members& statement) {
  const std::string_view kind = word_for(text_of(statement, "removeType"));
  const bool cascade = text_of(statement, "behavior") == "DROP_CASCADE";
  if (kind == "schema") {
    if (cascade) drop_schema(statement);
    return;
  }
  for (const json::value& object : array_in(statement, "objects")) {
    const std::vector<std::string> words = words_of(object);
    const QualifiedName name = name_of_words(words);
    if (is_relation(kind)) {
      drop_relation(kind, name, cascade);
    } else if (kind == "index") {
      drop_index(name, flag(statement, "concurrent"));
    } else if (kind == "policy" && words.size() > 1) {
      const Table table = around_.table(name_of_words({words.begin(), words.end() - 1}));
      if (table.standing != Standing::Made)
        add("drop-policy", ObjectIdentity{"policy", words.back()}, table.text());
    } else if (cascade) {
      const bool type = kind == "type" || kind == "domain";
      const auto* facts = type ? around_.type(name) : nullptr;
      const bool unused =
          around_.facts() != nullptr && type && (facts == nullptr || !facts->in_use);
      // A column goes with its collation, a table with its access method.
      const bool takes = kind == "collation" || kind == "access method" || (type && !unused);
      const std::string_view code = kind == "extension" ? "drop-extension"
                                    : takes             ? "drop-type"
                                                        : "drop-cascade";
      add(code, ObjectIdentity{std::string(kind), name.text()});
    }
  }
}

void HazardReader::drop_relation(std::string_view kind, const QualifiedName& name, bool cascade) {
  const Table table = around_.table(name);
  around_.dropped_table(name);
  const ObjectIdentity object{std::string(kind), table.text()};
  if (table.at_stake()) {
    const std::string_view code = kind == "table"      ? "drop-table"
                                  : kind == "sequence" ? "drop-sequence"
                                                       : "drop-materialized-view";
    Hazard& hazard = add(code, object);
    if (kind == "table") hazard.count_sql = count_of(table);
  }
  dropped_foreign_keys(table, {}, {});
  if (cascade && table.standing != Standing::Made) add("drop-cascade", object);
}

void HazardReader::drop_index(const QualifiedName& name, bool alone) {
  const Table index = around_.table(name);
  if (!index.at_stake()) return;
  if (alone) return alone_.push_back(number_);
  const std::string table = index.facts == nullptr ? "its table" : index.facts->table;
  add("drop-index", ObjectIdentity{"index", index.text()}, table);
}

void HazardReader::drop_schema(const Members& statement) {
  for (const json::value& object : array_in(statement, "objects")) {
    const json::object* text = inner(object);
    if (text == nullptr) continue;
    const std::string name(text_of(*text, "sval"));
    const CatalogFacts* facts = around_.facts();
    std::string count;
    for (const auto& relation :
         facts == nullptr ? std::vector<CatalogFacts::Relation>() : facts->relations) {
      // Rows of partitions and of other children are counted with their parents as well.
      const bool counts = relation.schema == name && relation.kind == "r" && relation.populated;
      if (!counts) continue;
      count += fmt::format("{}(select pg_catalog.count(*) from only {}.{})",
                           count.empty() ? "select " : " + ", quote_identifier(name),
                           quote_identifier(relation.name));
    }
    if (facts != nullptr && count.empty()) continue;
    add("drop-schema", ObjectIdentity{"schema", name}).count_sql = std::move(count);
  }
}

void HazardReader::create_table(const Members& statement) {
  const json::object* range = object_in(statement, "relation");
  if (range == nullptr) return;
  const QualifiedName name = name_of_range(*range);
  around_.made_table(name, in_block_ || flag(statement, "if_not_exists"),
                     text_of(*range, "relpersistence") == "t");
  const Table table = around_.table(name);
  if (table.standing != Standing::Made) return;
  for (const json::value& each : array_in(statement, "tableElts")) {
    const Node element = node_in(each);
    if (element.type == "ColumnDef") add_column(table, *element.members);
    if (element.type == "Constraint") add_constraint(table, *element.members);
  }
  if (object_in(statement, "partbound") == nullptr) return;
  for (const json::value& each : array_in(statement, "inhRelations")) {
    const json::object* parent_range = inner(each);
    if (parent_range == nullptr) continue;
    const Table parent = around_.table(name_of_range(*parent_range));
    if (parent.at_stake()) add("create-partition", parent);
  }
}

void HazardReader::create_table_as(const Members& into, bool unless_there) {
  const json::object* range = object_in(into, "rel");
  if (range == nullptr) return;
  around_.made_table(name_of_range(*range), in_block_ || unless_there,
                     text_of(*range, "relpersistence") == "t");
}

void HazardReader::create_index(const Members& statement) {
  const json::object* range = object_in(statement, "relation");
  if (range == nullptr) return;
  const Table table = around_.table(name_of_range(*range));
  inherited_ = table.facts != nullptr && table.facts->inherited;
  const auto& columns = array_in(statement, "indexParams");
  const json::object* first = columns.empty() ? nullptr : inner(columns.front());
  // Of a partial index the rows that it leaves out are still looked for one by one.
  if (first != nullptr && !statement.contains("whereClause"))
    indexed_.emplace(table.name, text_of(*first, "name"));
  const Table index =
      around_.table({table.name.schema, std::string(text_of(statement, "idxname"))});
  if (flag(statement, "concurrent")) {
    // What is there by that name may be what a build that broke off has left.
    if (table.at_stake() || index.facts != nullptr) alone_.push_back(number_);
    return;
  }
  may_be_begun_ = index.facts != nullptr;
  const bool already = flag(statement, "if_not_exists") && index.facts != nullptr;
  // Even where it finds the index, it has locked the table to look.
  if (already) return add_brief_lock(table, "SHARE");
  if (table.at_stake()) add("create-index", table);
}

void HazardReader::rename(const Members& statement) {
  const std::string_view kind = text_of(statement, "renameType");
  const std::string_view new_name = text_of(statement, "newname");
  const std::string_view former = text_of(statement, "subname");
  if (kind == "OBJECT_SCHEMA") {
    add("rename-schema", ObjectIdentity{"schema", std::string(former)});
    around_.ran_something_opaque();
  }
  const json::object* range = object_in(statement, "relation");
  if (range == nullptr) return;
  const Table table = around_.table(name_of_range(*range));
  const bool made = table.standing == Standing::Made;
  const bool whole = kind == "OBJECT_TABLE" || kind == "OBJECT_VIEW" || kind == "OBJECT_MATVIEW";
  if (whole) {
    if (!made) add("rename-table", table);
    around_.renamed_table(name_of_range(*range), {{}, std::string(new_name)});
  } else if (kind == "OBJECT_COLUMN") {
    if (!made && !around_.column_before(table, former).empty())
      add_column_hazard("rename-column", table, former);
    around_.renamed_column(table, former, new_name);
  } else if (kind != "OBJECT_INDEX") {
    add_brief_lock(table, "ACCESS EXCLUSIVE");
  }
}

void HazardReader::alter_enum(const Members& statement) {
  const QualifiedName name = name_of_parts(array_in(statement, "typeName"));
  if (statement.contains("oldVal")) {
    add("rename-enum-value", ObjectIdentity{"type", name.text()});
  } else if (around_.type(name) != nullptr && !around_.has_own_path() && !in_block_) {
    adding_.push_back(number_);
    added_.insert(quote_literal(text_of(statement, "newVal")));
  } else {
    new_values_.emplace(text_of(statement, "newVal"));
  }
}

void HazardReader::alter_domain(const Members& statement) {
  const QualifiedName name = name_of_parts(array_in(statement, "typeName"));
  const std::string_view change = text_of(statement, "subtype");
  const json::value* definition = statement.if_contains("def");
  const json::object* constraint = definition == nullptr ? nullptr : inner(*definition);
  const bool later = constraint != nullptr && flag(*constraint, "skip_validation");
  const bool checks = change == "O" || (change == "C" && !later);
  const auto* facts = around_.type(name);
  const bool unused = around_.facts() != nullptr && (facts == nullptr || !facts->in_use);
  if (checks && !unused) add("alter-domain", ObjectIdentity{"domain", name.text()});
}

void HazardReader::reindex(const Members& statement) {
  const json::object* range = object_in(statement, "relation");
  if (range == nullptr) return;
  const Table table = around_.table(name_of_range(*range));
  if (!table.at_stake()) return;
  if (may_run_alone_) return alone_.push_back(number_);
  const bool index = text_of(statement, "kind") == "REINDEX_OBJECT_INDEX";
  const std::string of_index = table.facts == nullptr ? "its table" : table.facts->table;
  add("reindex", ObjectIdentity{index ? "index" : "table", table.text()},
      index ? of_index : table.text());
}

}  // namespace reconcile::sql
