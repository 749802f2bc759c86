#include "reconcilers/catalog/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reconcile::catalog {

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

std::string_view table_of(std::string_view about) { return about.substr(0, about.rfind('.')); }

std::vector<std::string> statements_of(std::string_view kind, std::string_view definition) {
  // The body of a function may hold such lines as well.
  constexpr std::array<std::string_view, 9> with_settings{"table",         "column",   "constraint",
                                                          "index",         "sequence", "trigger",
                                                          "event trigger", "rule",     "grant"};
  if (std::ranges::find(with_settings, kind) == with_settings.end())
    return {std::string(definition)};
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

ColumnText column_text(std::string_view definition, std::string_view name) {
  const auto [table, column] = split_last(name);
  const std::string head = fmt::format("alter table {} add column {} ", table, column);
  std::string text = statements_of("column", definition).front().substr(head.size());
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

std::vector<std::string> change_settings(std::string_view name, const ColumnText& from,
                                         const ColumnText& to, std::string_view before,
                                         std::string_view after) {
  const auto [table, column] = split_last(name);
  const std::string head = fmt::format("alter table {} alter column {} ", table, column);
  std::vector<std::string> result;
  if (from.rule != to.rule)
    result.push_back(head + (to.rule.empty() ? "drop default" : "set default " + to.rule));
  if (from.not_null && to.not_null && from.not_null_name != to.not_null_name) {
    result.push_back(fmt::format("alter table {} rename constraint {} to {}", table,
                                 from.not_null_name, to.not_null_name));
  } else if (to.not_null && !from.not_null && !to.not_null_name.empty()) {
    result.push_back(fmt::format("alter table {} add constraint {} not null {}", table,
                                 to.not_null_name, column));
  } else if (from.not_null != to.not_null) {
    result.push_back(head + (to.not_null ? "set not null" : "drop not null"));
  }
  const bool has_options = std::ranges::any_of(
      statements_of("column", before),
      [](const std::string& text) { return text.find(" set (n_distinct") != std::string::npos; });
  if (has_options) result.push_back(head + "reset (n_distinct, n_distinct_inherited)");
  const std::vector<std::string> settings = statements_of("column", after);
  result.insert(result.end(), settings.begin() + 1, settings.end());
  return result;
}

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

std::string revoke_all(std::string_view name) {
  const std::size_t role = name.rfind(" to ");
  std::string_view object = name.substr(0, role);
  std::string_view part;
  if (object.ends_with(")") && object.starts_with("on table ")) {
    part = object.substr(object.rfind(" ("));
    object.remove_suffix(part.size());
  }
  return fmt::format("revoke all{} {} from {}", part, object, name.substr(role + 4));
}

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  char quote = 0;
  for (const char c : list) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
    if (quote == 0 && depth == 0 && c == ',') {
      parts.push_back(std::move(part));
      part.clear();
    } else if (!part.empty() || c != ' ') {
      part += c;
    }
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

}  // namespace reconcile::catalog
