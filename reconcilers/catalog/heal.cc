#include "reconcilers/catalog/heal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace reconcile::catalog {
namespace {

/// "public.clubs.name" → "public.clubs" and "name"; a dot between quotes belongs to the name.
std::pair<std::string_view, std::string_view> split_last(std::string_view name) {
  std::size_t dot = std::string_view::npos;
  bool quoted = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '"') quoted = !quoted;
    if (name[i] == '.' && !quoted) dot = i;
  }
  if (dot == std::string_view::npos) return {"", name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

/// A definition's statements stand on lines of their own.
std::vector<std::string> statements_of(std::string_view definition) {
  constexpr std::string_view end = ";\nalter ";
  constexpr std::string_view grant = ";\ngrant ";
  std::vector<std::string> result;
  for (;;) {
    const std::size_t at = std::min(definition.find(end), definition.find(grant));
    result.emplace_back(definition.substr(0, at));
    if (at == std::string_view::npos) return result;
    definition.remove_prefix(at + 2);
  }
}

/// What a column is, taken from "alter table t add column c TYPE default E constraint n not null";
/// the name of that constraint is there since PostgreSQL 18.
struct ColumnText {
  std::string type, rule, generated, not_null_name;
  bool not_null = false;
};

ColumnText column_text(std::string_view definition, std::string_view name) {
  const auto [table, column] = split_last(name);
  const std::string head = fmt::format("alter table {} add column {} ", table, column);
  std::string text = statements_of(definition).front().substr(head.size());
  ColumnText result;
  constexpr std::string_view not_null = " not null";
  if (text.ends_with(not_null)) {
    result.not_null = true;
    text.resize(text.size() - not_null.size());
    constexpr std::string_view named = " constraint ";
    if (const std::size_t at = text.rfind(named); at != std::string::npos) {
      result.not_null_name = text.substr(at + named.size());
      text.resize(at);
    }
  }
  if (const std::size_t at = text.find(" generated "); at != std::string::npos) {
    result.generated = text.substr(at);
    text.resize(at);
  }
  constexpr std::string_view rule = " default ";
  if (const std::size_t at = text.find(rule); at != std::string::npos) {
    result.rule = text.substr(at + rule.size());
    text.resize(at);
  }
  result.type = std::move(text);
  return result;
}

std::vector<std::string> change_column(std::string_view name, std::string_view from,
                                       std::string_view to) {
  const auto [table, column] = split_last(name);
  const ColumnText is = column_text(from, name);
  const ColumnText should = column_text(to, name);
  // Another type may not hold the values that are there now.
  if (is.type != should.type || is.generated != should.generated) return {};
  const std::string head = fmt::format("alter table {} alter column {} ", table, column);
  std::vector<std::string> result;
  if (is.rule != should.rule)
    result.push_back(head + (should.rule.empty() ? "drop default" : "set default " + should.rule));
  if (is.not_null && should.not_null && is.not_null_name != should.not_null_name) {
    result.push_back(fmt::format("alter table {} rename constraint {} to {}", table,
                                 is.not_null_name, should.not_null_name));
  } else if (should.not_null && !is.not_null && !should.not_null_name.empty()) {
    result.push_back(fmt::format("alter table {} add constraint {} not null {}", table,
                                 should.not_null_name, column));
  } else if (is.not_null != should.not_null) {
    result.push_back(head + (should.not_null ? "set not null" : "drop not null"));
  }
  const bool has_options = std::ranges::any_of(statements_of(from), [](const std::string& text) {
    return text.find(" set (n_distinct") != std::string::npos;
  });
  if (has_options) result.push_back(head + "reset (n_distinct, n_distinct_inherited)");
  std::vector<std::string> settings = statements_of(to);
  result.insert(result.end(), settings.begin() + 1, settings.end());
  return result;
}

std::vector<std::string> change_table(std::string_view name, std::string_view from,
                                      std::string_view to) {
  std::vector<std::string> before = statements_of(from);
  std::vector<std::string> after = statements_of(to);
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

/// `name` is "on table t to role", or "on table t (c) to role".
std::vector<std::string> change_grant(std::string_view name, std::string_view to) {
  const std::size_t role = name.rfind(" to ");
  std::string_view object = name.substr(0, role);
  std::string_view part;
  if (object.ends_with(")") && object.starts_with("on table ")) {
    part = object.substr(object.rfind(" ("));
    object.remove_suffix(part.size());
  }
  std::vector<std::string> result = statements_of(to);
  result.insert(result.begin(),
                fmt::format("revoke all{} {} from {}", part, object, name.substr(role + 4)));
  return result;
}

/// Takes away an object that holds no data; empty for those that do.
std::string drop(const ObjectIdentity& object) {
  const auto [owner, name] = split_last(object.name);
  const std::string& kind = object.kind;
  if (kind == "constraint") return fmt::format("alter table {} drop constraint {}", owner, name);
  if (kind == "trigger" || kind == "policy" || kind == "rule")
    return fmt::format("drop {} {} on {}", kind, name, owner);
  constexpr std::array<std::string_view, 9> plain{
      "index",     "view",       "materialized view", "function", "procedure",
      "aggregate", "statistics", "event trigger",     "domain"};
  if (std::ranges::find(plain, kind) != plain.end())
    return fmt::format("drop {} {}", kind, object.name);
  return {};
}

std::vector<std::string> change(const ObjectIdentity& object, const std::string& from,
                                const std::string& to) {
  const std::string& kind = object.kind;
  if (kind == "column") return change_column(object.name, from, to);
  if (kind == "table") return change_table(object.name, from, to);
  if (kind == "grant") return change_grant(object.name, to);
  if (kind == "function" || kind == "procedure" || kind == "comment") return statements_of(to);
  std::vector<std::string> result;
  if (kind == "sequence") {
    result = statements_of(to);
    constexpr std::string_view create = "create";
    if (!result.front().starts_with("create sequence")) return {};
    result.front().replace(0, create.size(), "alter");
    return result;
  }
  if (kind == "domain") return {};  // columns may stand on it
  std::string removal = drop(object);
  if (removal.empty()) return {};
  result = statements_of(to);
  result.insert(result.begin(), std::move(removal));
  return result;
}

constexpr std::string_view invalid_mark = " /* invalid */";

std::vector<std::string> towards(const ObjectIdentity& object,
                                 const std::optional<std::string>& from, const std::string& to) {
  // An index that did not work is not worth having back as it was.
  if (to.find(invalid_mark) != std::string::npos) return {};
  return from ? change(object, *from, to) : statements_of(to);
}

/// Lower first.
int rank(const Difference& entry) {
  constexpr std::array<std::string_view, 19> order{
      "schema",     "extension", "enum",      "domain", "type",         "sequence",   "table",
      "function",   "procedure", "aggregate", "column", "index",        "constraint", "view",
      "statistics", "rule",      "trigger",   "policy", "event trigger"};
  // Each kind of view may stand on the other.
  const std::string_view kind =
      entry.object.kind == "materialized view" ? "view" : entry.object.kind;
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

void put_in_order(std::vector<Difference>& entries) {
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

/// A partitioned table cannot be made without the columns it is partitioned by, so it comes with
/// all of them.
void make_with_columns(Healing& table, std::vector<Healing>& all) {
  constexpr std::string_view none = "() ";
  std::string& create = table.statements.front();
  const std::size_t at = create.find(none);
  if (table.entry.live || at == std::string::npos ||
      create.find(" partition by ") == std::string::npos)
    return;
  std::string columns;
  for (Healing& other : all) {
    if (other.entry.object.kind != "column" || other.statements.empty() ||
        split_last(other.entry.object.name).first != table.entry.object.name)
      continue;
    const std::string head = fmt::format("alter table {} add column ", table.entry.object.name);
    columns += (columns.empty() ? "" : ", ") + other.statements.front().substr(head.size());
    other.statements.erase(other.statements.begin());
  }
  create.replace(at + 1, 0, columns);
}

}  // namespace

std::vector<std::string> heal(const Difference& entry) {
  if (!entry.owned) return {};
  return towards(entry.object, entry.live, *entry.owned);
}

std::vector<std::string> adopt(const Difference& entry) {
  if (entry.live) return towards(entry.object, entry.owned, *entry.live);
  std::string removal = drop(entry.object);
  if (removal.empty()) return {};
  return {std::move(removal)};
}

std::vector<Healing> healings(std::vector<Difference> entries) {
  put_in_order(entries);
  std::vector<Healing> result;
  for (Difference& entry : entries) {
    std::vector<std::string> statements = heal(entry);
    if (!statements.empty()) result.push_back({std::move(entry), std::move(statements)});
  }
  for (Healing& healing : result) {
    if (healing.entry.object.kind == "table") make_with_columns(healing, result);
  }
  return result;
}

}  // namespace reconcile::catalog
