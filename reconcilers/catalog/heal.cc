#include "reconcilers/catalog/heal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>
#include <string_view>

#include "reconcilers/catalog/definition.h"

namespace reconcile::catalog {
namespace {

std::vector<std::string> change_column(std::string_view name, std::string_view from,
                                       std::string_view to) {
  const ColumnText is = column_text(from, name);
  const ColumnText should = column_text(to, name);
  // Another type may not hold the values that are there now.
  if (is.type != should.type || is.generated != should.generated) return {};
  return change_settings(name, is, should, from, to);
}

std::vector<std::string> change_table(std::string_view name, std::string_view from,
                                      std::string_view to) {
  std::vector<std::string> before = statements_of("table", from);
  std::vector<std::string> after = statements_of("table", to);
  if (before.front() != after.front()) return {};
  std::vector<std::string> result;
  const auto has = [](const std::vector<std::string>& list, std::string_view end) {
    return std::ranges::any_of(list, [&](const std::string& text) { return text.ends_with(end); });
  };
  if (has(before, " enable row level security") && !has(after, " enable row level security"))
    result.push_back(fmt::format("alter table {} disable row level security", name));
  if (has(before, " force row level security") && !has(after, " force row level security"))
    result.push_back(fmt::format("alter table {} no force row level security", name));
  if (has(before, " replica identity full") || has(before, " replica identity nothing"))
    result.push_back(fmt::format("alter table {} replica identity default", name));
  result.insert(result.end(), after.begin() + 1, after.end());
  return result;
}

std::vector<std::string> change_grant(std::string_view name, std::string_view to) {
  std::vector<std::string> result = statements_of("grant", to);
  result.insert(result.begin(), revoke_all(name));
  return result;
}

std::vector<std::string> change(const ObjectIdentity& object, const std::string& from,
                                const std::string& to) {
  const std::string& kind = object.kind;
  if (kind == "column") return change_column(object.name, from, to);
  if (kind == "table") return change_table(object.name, from, to);
  if (kind == "grant") return change_grant(object.name, to);
  if (kind == "function" || kind == "procedure" || kind == "comment") return {to};
  std::vector<std::string> result;
  if (kind == "sequence") {
    result = statements_of(object.kind, to);
    constexpr std::string_view create = "create";
    if (!result.front().starts_with("create sequence")) return {};
    result.front().replace(0, create.size(), "alter");
    return result;
  }
  if (kind == "domain") return {};  // columns may stand on it
  std::string removal = drop(object);
  if (removal.empty()) return {};
  result = statements_of(object.kind, to);
  result.insert(result.begin(), std::move(removal));
  return result;
}

constexpr std::string_view invalid_mark = " /* invalid */";

std::vector<std::string> towards(const ObjectIdentity& object,
                                 const std::optional<std::string>& from, const std::string& to) {
  // An index that did not work is not worth having back as it was.
  if (to.find(invalid_mark) != std::string::npos) return {};
  return from ? change(object, *from, to) : statements_of(object.kind, to);
}

/// Lower first.
int rank(const Difference& entry) {
  constexpr std::array<std::string_view, 19> order{
      "schema",     "extension", "enum",      "domain", "type",         "sequence",   "table",
      "function",   "procedure", "aggregate", "column", "index",        "constraint", "view",
      "statistics", "rule",      "trigger",   "policy", "event trigger"};
  // Each kind of view may stand on the other.
  const std::string_view kind =
      entry.object.kind == "materialized view" ? "view" : std::string_view(entry.object.kind);
  const auto at = std::ranges::find(order, kind);
  const int place = 2 * static_cast<int>(at - order.begin());
  // A foreign key stands on the other table's key.
  const bool foreign = entry.object.kind == "constraint" && entry.owned &&
                       entry.owned->find(" FOREIGN KEY ") != std::string::npos;
  return foreign ? place + 1 : place;
}

/// Whether the name stands in the text as a name, not as the beginning of a longer one.
bool mentions(std::string_view text, std::string_view name) {
  constexpr std::string_view in_names =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$\"";
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::string_view rest = text.substr(at + name.size());
    if (rest.empty() || in_names.find(rest.front()) == std::string_view::npos) return true;
  }
  return false;
}

bool stands_on(const Difference& upper, const Difference& lower) {
  if (!upper.owned || &upper == &lower) return false;
  const std::string_view name = lower.object.name;
  return mentions(*upper.owned, name.substr(0, name.find('(')));
}

/// Takes, again and again, the first that stands on none of those that are left.
void put_lower_first(std::span<Difference> left) {
  for (; left.size() > 1; left = left.subspan(1)) {
    const auto lowest = std::ranges::find_if(left, [&](const Difference& entry) {
      return std::ranges::none_of(left,
                                  [&](const Difference& other) { return stands_on(entry, other); });
    });
    if (lowest == left.end()) return;  // a circle: the server will say which
    std::rotate(left.begin(), lowest, lowest + 1);
  }
}

bool calls(const Difference& column, const Difference& function) {
  const std::string& name = function.object.name;
  return column.object.kind == "column" && function.object.kind == "function" && column.owned &&
         column.owned->find(name.substr(0, name.find('(') + 1)) != std::string::npos;
}

/// Functions that columns call are made before the tables, unless they speak of one of these.
void put_defaults_first(std::vector<Difference>& entries) {
  const auto first = std::ranges::find_if(
      entries, [](const Difference& entry) { return entry.object.kind == "table"; });
  std::stable_partition(first, entries.end(), [&](const Difference& entry) {
    return entry.object.kind == "function" &&
           std::ranges::any_of(entries,
                               [&](const Difference& other) { return calls(other, entry); }) &&
           std::ranges::none_of(entries, [&](const Difference& other) {
             return other.object.kind == "table" && stands_on(entry, other);
           });
  });
}

/// What goes into a table that is made: its columns, but for those that call a function which comes
/// after it. A partitioned one cannot be made without any of them.
void take_columns(Healing& table, std::span<Healing* const> columns,
                  std::span<Healing* const> functions) {
  const std::string& name = table.entry.object.name;
  const std::string none = name + " ()";
  std::string& create = table.statements.front();
  const std::size_t at = create.find(none);
  if (table.entry.live || at == std::string::npos) return;
  const bool partitioned = create.find(" partition by ") != std::string::npos;
  const std::string head = fmt::format("alter table {} add column ", name);
  std::string list;
  for (Healing* column : columns) {
    const bool waits = std::ranges::any_of(functions, [&](const Healing* function) {
      return function > &table && calls(column->entry, function->entry);
    });
    if (waits && !partitioned) continue;
    list += (list.empty() ? "\n  " : ",\n  ") + column->statements.front().substr(head.size());
    column->statements.erase(column->statements.begin());
  }
  if (!list.empty()) create.replace(at + none.size() - 1, 0, list + "\n");
}

/// A table is made with its columns, which reads better than one after the other.
void make_with_columns(std::span<Healing> all) {
  std::map<std::string_view, std::vector<Healing*>> columns;
  std::vector<Healing*> functions;
  for (Healing& healing : all) {
    const ObjectIdentity& object = healing.entry.object;
    if (object.kind == "column") columns[split_last(object.name).first].push_back(&healing);
    if (object.kind == "function") functions.push_back(&healing);
  }
  for (Healing& healing : all) {
    const ObjectIdentity& object = healing.entry.object;
    if (object.kind == "table") take_columns(healing, columns[object.name], functions);
  }
}

/// What a sequence belongs to has to be there first.
void let_sequences_wait_for_columns(std::vector<Healing>& all) {
  std::vector<Healing> owned;
  for (Healing& healing : all) {
    std::vector<std::string>& statements = healing.statements;
    if (healing.entry.object.kind != "sequence" || statements.size() < 2) continue;
    owned.push_back({healing.entry, {statements.begin() + 1, statements.end()}});
    statements.resize(1);
  }
  const Difference column{{"column", ""}, "", {}, {}, {}};
  const auto later = std::ranges::find_if(
      all, [&](const Healing& healing) { return rank(healing.entry) > rank(column); });
  all.insert(later, std::make_move_iterator(owned.begin()), std::make_move_iterator(owned.end()));
}

}  // namespace

std::vector<std::string> heal(const Difference& entry) {
  if (!entry.owned) return {};
  return towards(entry.object, entry.live, *entry.owned);
}

void in_order_of_making(std::vector<Difference>& entries) {
  std::ranges::stable_sort(entries, {}, rank);
  // Tables stand on the parents they are parts of, functions and views on their like.
  constexpr std::array<std::string_view, 4> on_their_like{"table", "function", "view",
                                                          "materialized view"};
  for (auto first = entries.begin(); first != entries.end();) {
    const auto last = std::ranges::upper_bound(first, entries.end(), rank(*first), {}, rank);
    if (std::ranges::find(on_their_like, first->object.kind) != on_their_like.end())
      put_lower_first({first, last});
    first = last;
  }
}

std::vector<Healing> healings(std::vector<Difference> entries) {
  return healings_with(std::move(entries), heal);
}

std::vector<Healing> healings_with(std::vector<Difference> entries, const Statements& sql) {
  in_order_of_making(entries);
  put_defaults_first(entries);
  std::vector<Healing> result;
  for (Difference& entry : entries) {
    std::vector<std::string> statements = sql(entry);
    if (!statements.empty()) result.push_back({std::move(entry), std::move(statements)});
  }
  make_with_columns(result);
  let_sequences_wait_for_columns(result);
  return result;
}

}  // namespace reconcile::catalog
