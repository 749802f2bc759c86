#include "controller/postgres/hazard_facts.h"

#include <boost/json.hpp>

#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

namespace json = boost::json;

std::string text(const json::object& facts, std::string_view key) {
  const json::value* value = facts.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool truth(const json::object& facts, std::string_view key) {
  const json::value* value = facts.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

std::optional<std::int64_t> number(const json::object& facts, std::string_view key) {
  const json::value* value = facts.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->as_int64();
}

/// The objects of a list; none where jsonb_agg() had no rows.
std::vector<json::object> list(const json::object& facts, std::string_view key) {
  std::vector<json::object> entries;
  const json::value* value = facts.if_contains(key);
  if (value == nullptr || !value->is_array()) return entries;
  for (const json::value& entry : value->as_array()) {
    if (entry.is_object()) entries.push_back(entry.as_object());
  }
  return entries;
}

std::vector<std::string> words(const json::object& facts, std::string_view key) {
  std::vector<std::string> entries;
  const json::value* value = facts.if_contains(key);
  if (value == nullptr || !value->is_array()) return entries;
  for (const json::value& entry : value->as_array()) entries.emplace_back(entry.as_string());
  return entries;
}

CatalogFacts::Relation relation(const json::object& facts) {
  CatalogFacts::Relation relation{.schema = text(facts, "schema"),
                                  .name = text(facts, "name"),
                                  .kind = text(facts, "kind"),
                                  .visible = truth(facts, "visible"),
                                  .inherited = truth(facts, "inherited"),
                                  .populated = truth(facts, "populated"),
                                  .referrers_populated = truth(facts, "referrers_populated"),
                                  .rows = number(facts, "rows"),
                                  .table = text(facts, "table")};
  for (const json::object& column : list(facts, "columns")) {
    relation.columns.push_back({text(column, "name"), text(column, "type"),
                                static_cast<int>(number(column, "modifier").value_or(-1)),
                                truth(column, "not_null")});
  }
  for (const json::object& check : list(facts, "not_null_checks")) {
    relation.not_null_checks.push_back(
        {text(check, "name"), text(check, "column"), truth(check, "validated")});
  }
  for (const json::object& key : list(facts, "foreign_keys"))
    relation.foreign_keys.push_back(
        {text(key, "name"), text(key, "schema"), text(key, "table"), words(key, "columns")});
  relation.indexed = words(facts, "indexed");
  return relation;
}

std::string json_of(const std::set<std::string>& names) {
  json::array array;
  for (const std::string& name : names) array.emplace_back(name);
  return json::serialize(array);
}

}  // namespace

Result<CatalogFacts> read_hazard_facts(Session& session, const MentionedNames& mentioned) {
  auto rows =
      session.query(sql::hazard_facts, {json_of(mentioned.names), json_of(mentioned.schemas)});
  if (!rows) return rows.error();
  CatalogFacts facts;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const json::value parsed = json::parse(rows->text(row, 1));
    const json::object& entry = parsed.as_object();
    const std::string_view kind = rows->text(row, 0);
    if (kind == "relation") facts.relations.push_back(relation(entry));
    if (kind == "type")
      facts.types.push_back({text(entry, "schema"), text(entry, "name"),
                             truth(entry, "constrained"), truth(entry, "in_use")});
    if (kind == "function")
      facts.functions.push_back(
          {text(entry, "name"), truth(entry, "is_volatile"), truth(entry, "built_in")});
    if (kind == "schema") facts.default_schema = text(entry, "name");
  }
  return facts;
}

}  // namespace reconcile::postgres
