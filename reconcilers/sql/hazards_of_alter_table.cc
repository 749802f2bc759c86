#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconcilers/sql/hazard_reader.h"
#include "reconcilers/sql/parse_tree.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

/// The column of CHECK (column IS NOT NULL); empty for any other expression. Of several conditions
/// that all have to hold, the first one that says so.
std::string not_null_column(const json::object& constraint) {
  const json::value* expression = constraint.if_contains("raw_expr");
  if (expression == nullptr) return {};
  Node node = node_in(*expression);
  if (node.type == "BoolExpr" && text_of(*node.members, "boolop") == "AND_EXPR") {
    for (const json::value& part : array_in(*node.members, "args")) {
      if (node_in(part).type == "NullTest") {
        node = node_in(part);
        break;
      }
    }
  }
  if (node.type != "NullTest" || text_of(*node.members, "nulltesttype") != "IS_NOT_NULL") return {};
  const json::object* argument = object_in(*node.members, "arg");
  const json::object* column = argument == nullptr ? nullptr : object_in(*argument, "ColumnRef");
  return column == nullptr ? std::string() : name_of_parts(array_in(*column, "fields")).name;
}

/// Whether USING is `column::type` and nothing else.
bool is_plain_cast(const json::value& expression, std::string_view column, const ColumnType& to) {
  const Node node = node_in(expression);
  if (node.type != "TypeCast") return false;
  const json::object* argument = object_in(*node.members, "arg");
  const json::object* reference = argument == nullptr ? nullptr : object_in(*argument, "ColumnRef");
  const json::object* type = object_in(*node.members, "typeName");
  return reference != nullptr && type != nullptr &&
         name_of_parts(array_in(*reference, "fields")).name == column && type_in_tree(*type) == to;
}

bool is_column_itself(const json::value& expression, std::string_view column) {
  const Node node = node_in(expression);
  return node.type == "ColumnRef" &&
         name_of_parts(array_in(*node.members, "fields")).name == column;
}

std::string first_name(const json::array& names) {
  return names.empty() || inner(names.front()) == nullptr
             ? std::string()
             : std::string(text_of(*inner(names.front()), "sval"));
}

const json::object* constraint_of(const json::object& column, std::string_view kind) {
  for (const json::value& each : array_in(column, "constraints")) {
    const json::object* constraint = inner(each);
    if (constraint != nullptr && text_of(*constraint, "contype") == kind) return constraint;
  }
  return nullptr;
}

enum class LockMode { ShareUpdateExclusive, ShareRowExclusive, AccessExclusive };

/// By AlterTableGetLockLevel() of tablecmds.c.
LockMode lock_of(const json::object& command) {
  constexpr std::array<std::string_view, 9> reads_and_writes_go_on{
      "AT_ValidateConstraint", "AT_SetStatistics", "AT_SetRelOptions",
      "AT_ResetRelOptions",    "AT_SetOptions",    "AT_ResetOptions",
      "AT_ClusterOn",          "AT_DropCluster",   "AT_AttachPartition"};
  const std::string_view subtype = text_of(command, "subtype");
  if (std::find(reads_and_writes_go_on.begin(), reads_and_writes_go_on.end(), subtype) !=
      reads_and_writes_go_on.end())
    return LockMode::ShareUpdateExclusive;
  const json::value* definition = command.if_contains("def");
  const json::object* constraint = definition == nullptr ? nullptr : inner(*definition);
  const bool foreign_key = subtype == "AT_AddConstraint" && constraint != nullptr &&
                           text_of(*constraint, "contype") == "CONSTR_FOREIGN";
  const bool trigger = subtype.find("Trig") != std::string_view::npos;
  return foreign_key || trigger ? LockMode::ShareRowExclusive : LockMode::AccessExclusive;
}

}  // namespace

void HazardReader::alter_table(const Members& statement) {
  const std::string_view kind = text_of(statement, "objtype");
  const json::object* relation = object_in(statement, "relation");
  if (relation == nullptr || (kind != "OBJECT_TABLE" && kind != "OBJECT_MATVIEW")) return;
  const Table table = around_.table(name_of_range(*relation));
  inherited_ = table.facts != nullptr && table.facts->inherited;
  LockMode mode = LockMode::ShareUpdateExclusive;
  for (const json::value& each : array_in(statement, "cmds")) {
    const json::object* command = inner(each);
    if (command == nullptr) continue;
    alter_table_command(table, *command);
    mode = std::max(mode, lock_of(*command));
  }
  if (mode != LockMode::ShareUpdateExclusive)
    add_brief_lock(table,
                   mode == LockMode::AccessExclusive ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE");
}

void HazardReader::alter_table_command(const Table& table, const Members& command) {
  const std::string_view subtype = text_of(command, "subtype");
  const std::string_view name = text_of(command, "name");
  const json::value* definition = command.if_contains("def");
  const json::object* inside = definition == nullptr ? nullptr : inner(*definition);
  if (subtype == "AT_AddColumn" && inside != nullptr) return add_column(table, *inside);
  if (subtype == "AT_DropColumn") return drop_column(table, command);
  if (subtype == "AT_AlterColumnType") return change_type(table, command);
  if (subtype == "AT_AddConstraint" && inside != nullptr) return add_constraint(table, *inside);
  if (subtype == "AT_AttachPartition") return partition(table, command, true);
  if (subtype == "AT_DetachPartition") return partition(table, command, false);
  if (subtype == "AT_ValidateConstraint") {
    const bool added_before = around_.validated_constraint(table, name);
    may_be_begun_ = table.at_stake();
    if (added_before && table.at_stake() && !may_run_alone_)
      add("validate-same-transaction", table);
    return;
  }
  if (subtype == "AT_SetNotNull") may_be_begun_ = table.at_stake();
  if (subtype == "AT_SetNotNull" && table.at_stake() && !around_.is_proven_not_null(table, name) &&
      !around_.column_before(table, name).empty())
    add_column_hazard("set-not-null", table, name);
  if (table.standing == Standing::Made) return;
  if (subtype == "AT_DropNotNull") add_column_hazard("drop-not-null", table, name);
  if (subtype == "AT_DisableRowSecurity") add("disable-row-security", table);
  if (subtype == "AT_DropConstraint") dropped_foreign_keys(table, name, {});
  if (subtype == "AT_DropConstraint" && text_of(command, "behavior") == "DROP_CASCADE")
    add("drop-cascade", ObjectIdentity{"constraint", fmt::format("{}.{}", table.text(), name)});
  if (!table.at_stake()) return;
  if (subtype == "AT_SetLogged" || subtype == "AT_SetUnLogged") add("set-logged", table);
  if (subtype == "AT_SetAccessMethod" || subtype == "AT_SetTableSpace") add("move-table", table);
}

void HazardReader::add_column(const Table& table, const Members& column) {
  const std::string_view name = text_of(column, "colname");
  around_.made_column(table, name);
  bool filled = false;
  for (const json::value& each : array_in(column, "constraints")) {
    const json::object* constraint = inner(each);
    if (constraint == nullptr) continue;
    const std::string_view kind = text_of(*constraint, "contype");
    filled = filled || kind == "CONSTR_DEFAULT" || kind == "CONSTR_IDENTITY" ||
             kind == "CONSTR_GENERATED";
    // Without a default every row has NULL, which needs no partner.
    if (kind == "CONSTR_FOREIGN")
      foreign_key(table, name, *constraint, constraint_of(column, "CONSTR_DEFAULT") != nullptr);
    column_constraint(table, name, *constraint);
  }
  const json::object* type_name = object_in(column, "typeName");
  if (type_name == nullptr) return;
  const QualifiedName type = name_of_parts(array_in(*type_name, "names"));
  const bool counts =
      type.schema.empty() && (type.name.ends_with("serial") || type.name.starts_with("serial"));
  if (!table.at_stake()) return;
  if (counts) add_column_hazard("add-serial-column", table, name);
  const auto* domain = around_.type(type);
  if (domain != nullptr && domain->constrained) add_column_hazard("add-domain-column", table, name);
  if (!filled && !counts && constraint_of(column, "CONSTR_NOTNULL") != nullptr)
    add_column_hazard("add-required-column", table, name);
}

/// What a new column brings along.
void HazardReader::column_constraint(const Table& table, std::string_view column,
                                     const Members& constraint) {
  const std::string_view kind = text_of(constraint, "contype");
  if (kind == "CONSTR_UNIQUE" || kind == "CONSTR_PRIMARY") {
    indexed_.emplace(table.name, column);
    if (table.at_stake()) add(kind == "CONSTR_UNIQUE" ? "add-unique" : "add-primary-key", table);
  } else if (!table.at_stake()) {
    return;
  } else if (kind == "CONSTR_DEFAULT") {
    column_default(table, column, constraint);
  } else if (kind == "CONSTR_IDENTITY") {
    add_column_hazard("add-serial-column", table, column);
  } else if (kind == "CONSTR_GENERATED") {
    add_column_hazard("add-generated-column", table, column);
  } else if (kind == "CONSTR_CHECK") {
    add("add-check", table);
  }
}

void HazardReader::column_default(const Table& table, std::string_view column,
                                  const Members& constraint) {
  const json::value* expression = constraint.if_contains("raw_expr");
  if (expression == nullptr) return;
  for (const std::string& function : functions_called(*expression)) {
    if (!around_.is_volatile(function)) continue;
    add_column_hazard("add-volatile-default", table, column);
    return;
  }
}

void HazardReader::drop_column(const Table& table, const Members& command) {
  const std::string_view name = text_of(command, "name");
  const std::string former = around_.column_before(table, name);
  const auto* facts = around_.column_facts(table, name);
  const bool nothing_there = table.facts != nullptr && facts == nullptr;
  if (table.at_stake() && !former.empty() && !nothing_there)
    add_column_hazard("drop-column", table, name).count_sql = count_of(table, former);
  if (!former.empty()) dropped_foreign_keys(table, {}, former);
  if (table.standing != Standing::Made && text_of(command, "behavior") == "DROP_CASCADE")
    add_column_hazard("drop-cascade", table, name);
}

void HazardReader::change_type(const Table& table, const Members& command) {
  const json::value* definition = command.if_contains("def");
  const json::object* column = definition == nullptr ? nullptr : inner(*definition);
  const json::object* type_name = column == nullptr ? nullptr : object_in(*column, "typeName");
  const std::string_view name = text_of(command, "name");
  if (!table.at_stake() || type_name == nullptr || around_.column_before(table, name).empty())
    return;
  const ColumnType to = type_in_tree(*type_name);
  const auto* facts = around_.column_facts(table, name);
  const auto from = facts == nullptr ? std::optional<ColumnType>() : type_in_catalog(*facts);
  const json::value* expression = column->if_contains("raw_default");
  const bool cast = expression != nullptr && is_plain_cast(*expression, name, to);
  const bool plain = expression == nullptr || cast || is_column_itself(*expression, name);
  TypeChange change = change_of_type(from, to, cast, !around_.has_own_time_zone());
  if (!plain) change = {.rewrites = true, .loss = "USING decides what is left of its values"};
  if (!change.loss.empty()) {
    add_column_hazard("lossy-type-change", table, name, change.loss).count_sql =
        count_of(table, facts == nullptr ? std::string_view() : facts->name);
  }
  if (change.rewrites) add_column_hazard("change-column-type", table, name);
}

void HazardReader::add_constraint(const Table& table, const Members& constraint) {
  const std::string_view kind = text_of(constraint, "contype");
  if (kind == "CONSTR_CHECK") return add_check(table, constraint);
  if (kind == "CONSTR_FOREIGN") {
    const bool valid = !flag(constraint, "skip_validation");
    around_.added_constraint(table, text_of(constraint, "conname"), {}, valid);
    return foreign_key(table, first_name(array_in(constraint, "fk_attrs")), constraint, valid);
  }
  if (kind == "CONSTR_UNIQUE") return add_key(table, constraint, false);
  if (kind == "CONSTR_PRIMARY") return add_key(table, constraint, true);
  if (kind == "CONSTR_EXCLUSION" && table.at_stake()) add("add-exclusion", table);
}

void HazardReader::add_check(const Table& table, const Members& constraint) {
  const bool valid = !flag(constraint, "skip_validation");
  around_.added_constraint(table, text_of(constraint, "conname"), not_null_column(constraint),
                           valid);
  if (valid && table.at_stake()) add("add-check", table);
}

void HazardReader::add_key(const Table& table, const Members& constraint, bool primary) {
  const std::string name(text_of(constraint, "conname"));
  may_be_begun_ = !name.empty() && around_.table({table.name.schema, name}).facts != nullptr;
  indexed_.emplace(table.name, first_name(array_in(constraint, "keys")));
  if (!table.at_stake()) return;
  const std::string_view index = text_of(constraint, "indexname");
  if (index.empty()) {
    add(primary ? "add-primary-key" : "add-unique", table);
    return;
  }
  const Table facts = around_.table({table.name.schema, std::string(index)});
  if (!primary || facts.facts == nullptr) return;
  for (const auto& column : facts.facts->columns) {
    if (!column.not_null && !around_.is_proven_not_null(table, column.name)) {
      add("primary-key-nullable", table);
      return;
    }
  }
}

/// `scans` says that the rows of the table are compared with those of the one it refers to.
void HazardReader::foreign_key(const Table& table, std::string_view column,
                               const Members& constraint, bool scans) {
  const json::object* range = object_in(constraint, "pktable");
  if (range == nullptr) return;
  const Table parent = around_.table(name_of_range(*range));
  if (scans && table.at_stake()) {
    add("add-foreign-key", table, parent.text());
  } else if (parent.at_stake() && parent.name != table.name) {
    add("foreign-key-lock", table, parent.text());
  }
  const bool known = table.facts != nullptr &&
                     std::ranges::find(table.facts->indexed, column) != table.facts->indexed.end();
  if (generated_ || known) return;
  Hazard& missing = add_column_hazard("foreign-key-without-index", table, column, parent.text());
  foreign_keys_.push_back({number_, table.name, std::string(column), std::move(missing)});
  found_.pop_back();
}

/// The foreign keys that go with a constraint, with a column, or with the whole table where neither
/// is named.
void HazardReader::dropped_foreign_keys(const Table& table, std::string_view constraint,
                                        std::string_view column) {
  if (table.facts == nullptr) return;
  for (const auto& key : table.facts->foreign_keys) {
    if (!constraint.empty() && key.name != constraint) continue;
    const bool has_column = std::ranges::find(key.columns, column) != key.columns.end();
    if (!column.empty() && !has_column) continue;
    const Table parent = around_.table({key.schema, key.table});
    // It is there, and the statement need not name it for its rows to be locked.
    const bool empty = parent.facts != nullptr && !parent.facts->populated;
    if (!empty && parent.name != table.name) add("drop-foreign-key", table, parent.text());
  }
}

void HazardReader::partition(const Table& table, const Members& command, bool attach) {
  const json::value* definition = command.if_contains("def");
  const json::object* inside = definition == nullptr ? nullptr : inner(*definition);
  const json::object* range = inside == nullptr ? nullptr : object_in(*inside, "name");
  if (range == nullptr) return;
  const Table part = around_.table(name_of_range(*range));
  const bool gently = flag(*inside, "concurrent");
  if (attach && part.at_stake()) add("attach-partition", table, part.text());
  // A partition that holds all the rows leaves an empty table behind.
  if (!attach && gently && (table.at_stake() || part.at_stake())) alone_.push_back(number_);
  if (!attach && !gently && table.at_stake()) add("detach-partition", table, part.text());
}

}  // namespace reconcile::sql
