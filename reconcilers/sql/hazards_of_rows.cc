#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "reconcilers/sql/hazard_reader.h"
#include "reconcilers/sql/parse_tree.h"

// What works on rows, sets something for what follows, or hides what it does.
namespace reconcile::sql {
namespace {

namespace json = boost::json;

/// Left out, or true whatever the row.
bool takes_every_row(const json::object& statement) {
  const json::value* where = statement.if_contains("whereClause");
  if (where == nullptr) return true;
  const Node node = node_in(*where);
  const json::object* truth =
      node.type == "A_Const" ? object_in(*node.members, "boolval") : nullptr;
  return truth != nullptr && flag(*truth, "boolval");
}

/// The values of SET, as text.
std::vector<std::string> values_of(const json::object& statement) {
  std::vector<std::string> values;
  for (const json::value& each : array_in(statement, "args")) {
    const json::object* constant = inner(each);
    if (constant == nullptr) continue;
    if (const json::object* text = object_in(*constant, "sval")) {
      values.emplace_back(text_of(*text, "sval"));
    } else if (const json::object* number = object_in(*constant, "ival")) {
      const json::value* value = number->if_contains("ival");
      values.push_back(value == nullptr ? "0" : std::to_string(value->as_int64()));
    } else {
      values.emplace_back();
    }
  }
  return values;
}

/// "0", "0ms", or back to what the server has.
bool is_no_limit(const std::vector<std::string>& values) {
  return values.size() != 1 || values.front().find_first_of("123456789") == std::string::npos;
}

/// The lock of LOCK TABLE by its number in lockdefs.h.
std::string_view lock_mode(const json::object& statement) {
  constexpr std::array<std::string_view, 9> modes{
      "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
      "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};
  const json::value* mode = statement.if_contains("mode");
  const bool known = mode != nullptr && mode->is_int64() && mode->as_int64() > 0 &&
                     mode->as_int64() < static_cast<std::int64_t>(modes.size());
  return known ? modes.at(static_cast<std::size_t>(mode->as_int64())) : modes.back();
}

}  // namespace

bool HazardReader::read_rows(std::string_view type, const Members& statement) {
  if (type == "TruncateStmt") {
    truncate(statement);
  } else if (type == "DeleteStmt" || type == "UpdateStmt") {
    const bool joins = statement.contains("usingClause") || statement.contains("fromClause");
    if (!joins) every_row(type == "DeleteStmt" ? "delete-all-rows" : "update-all-rows", statement);
    nested_changes(statement);
  } else if (type == "InsertStmt") {
    nested_changes(statement);
  } else if (type == "SelectStmt") {
    nested_changes(statement);
    select(statement);
  } else if (type == "VariableSetStmt") {
    set(statement);
  } else if (type == "CallStmt") {
    const auto functions = functions_called(json::object{{"FuncCall", statement.at("funccall")}});
    opaque("call", functions.empty() ? std::string_view() : functions.front());
  } else if (type == "ExecuteStmt") {
    opaque("call-function", text_of(statement, "name"));
  } else if (type == "CopyStmt") {
    if (flag(statement, "is_program")) add("copy-program", ObjectIdentity{"program", "COPY"});
  } else if (type == "DropOwnedStmt") {
    for (const json::value& role : array_in(statement, "roles")) {
      if (const json::object* names = inner(role))
        add("drop-owned", ObjectIdentity{"role", std::string(text_of(*names, "rolename"))});
    }
  } else if (type == "RefreshMatViewStmt" || type == "ClusterStmt") {
    const json::object* range = object_in(statement, "relation");
    if (range == nullptr || flag(statement, "concurrent")) return true;
    const Table table = around_.table(name_of_range(*range));
    if (table.at_stake())
      add(type == "ClusterStmt" ? "cluster" : "refresh-materialized-view", table);
  } else if (type == "LockStmt") {
    for (const json::value& each : array_in(statement, "relations")) {
      if (const json::object* range = inner(each))
        add_brief_lock(around_.table(name_of_range(*range)), lock_mode(statement));
    }
  } else {
    return false;
  }
  return true;
}

void HazardReader::truncate(const Members& statement) {
  const bool cascade = text_of(statement, "behavior") == "DROP_CASCADE";
  for (const json::value& each : array_in(statement, "relations")) {
    const json::object* range = inner(each);
    if (range == nullptr) continue;
    const Table table = around_.table(name_of_range(*range));
    const bool others = cascade && table.standing != Standing::Made &&
                        (table.facts == nullptr || table.facts->referrers_populated);
    if (!table.at_stake() && !others) continue;
    add("truncate", table, cascade ? ", and every table that refers to it" : "").count_sql =
        count_of(table);
  }
}

void HazardReader::every_row(std::string_view code, const Members& statement) {
  const json::object* range = object_in(statement, "relation");
  if (range == nullptr || !takes_every_row(statement)) return;
  const Table table = around_.table(name_of_range(*range));
  if (table.at_stake()) add(code, table).count_sql = count_of(table);
}

/// Rows that a WITH deletes or changes, wherever it stands.
void HazardReader::nested_changes(const boost::json::value& tree) {
  if (tree.is_array()) {
    for (const json::value& each : tree.as_array()) nested_changes(each);
  }
  if (!tree.is_object()) return;
  for (const auto& member : tree.as_object()) {
    const Node query = member.key() == "ctequery" ? node_in(member.value()) : Node();
    const bool changes = query.type == "DeleteStmt" || query.type == "UpdateStmt";
    if (changes && query.members != nullptr) {
      read_rows(query.type, *query.members);
    } else {
      nested_changes(member.value());
    }
  }
}

void HazardReader::select(const Members& statement) {
  // In a block that is a variable.
  const json::object* into = in_block_ ? nullptr : object_in(statement, "intoClause");
  if (into != nullptr) create_table_as(*into, false);
  const bool reads = statement.contains("fromClause");
  for (const std::string& function : functions_called(statement)) {
    if (function == "set_config") {
      around_.set_search_path(std::nullopt);
      around_.set_time_zone();
    }
    // Without facts a query of rows is not suspected: most of its functions are PostgreSQL's own.
    const bool own = function == "set_config" || function == "setval" || function == "nextval" ||
                     function.starts_with("pg_") || around_.is_built_in(function);
    if (own || !around_.is_volatile(function) || (around_.facts() == nullptr && reads)) continue;
    opaque("call-function", function);
  }
}

void HazardReader::set(const Members& statement) {
  const std::string_view name = text_of(statement, "name");
  const std::vector<std::string> values = values_of(statement);
  if (name == "search_path") {
    around_.set_search_path(values.empty() ? std::nullopt : std::optional(values));
  } else if (name == "timezone") {
    const bool utc = values.size() == 1 && lower(values.front()) == "utc";
    if (!utc) around_.set_time_zone();
  } else if (name == "lock_timeout" && is_no_limit(values)) {
    add("lock-timeout-off", ObjectIdentity{"setting", "lock_timeout"});
  }
}

void HazardReader::opaque(std::string_view code, std::string_view name) {
  add(code, name.empty() ? ObjectIdentity{"statement", std::string(code)}
                         : ObjectIdentity{"function", std::string(name)});
  around_.ran_something_opaque();
}

}  // namespace reconcile::sql
