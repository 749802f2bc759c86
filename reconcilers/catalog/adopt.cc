#include "reconcilers/catalog/adopt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

#include "reconcilers/catalog/definition.h"
#include "reconcilers/catalog/heal.h"
#include "reconcilers/core/digest.h"

namespace reconcile::catalog {
namespace {

/// The same difference as git sees it that wants what the database has.
Difference mirrored(const Difference& entry) {
  return {entry.object, entry.about, entry.live, entry.owned, entry.origin};
}

// ---- what healing leaves to a person, and git may say on purpose

/// "numeric(10, 2) collate x" → "numeric(10, 2)"
std::string_view without_collation(std::string_view type) {
  return type.substr(0, type.find(" collate "));
}

std::vector<std::string> retype_column(const ObjectIdentity& object, const std::string& from,
                                       const std::string& to) {
  const auto [table, column] = split_last(object.name);
  ColumnText is = column_text(from, object.name);
  const ColumnText should = column_text(to, object.name);
  const std::string head = fmt::format("alter table {} alter column {} ", table, column);
  std::vector<std::string> result;
  if (is.generated != should.generated) {
    const std::string_view before(is.generated);
    const std::string_view after(should.generated);
    constexpr std::string_view identity = " as identity ";
    const bool was_counter = before.find(identity) != std::string_view::npos;
    const bool is_counter = after.find(identity) != std::string_view::npos;
    if ((!before.empty() && !was_counter) || (!after.empty() && !is_counter)) return {};
    if (was_counter && is_counter) {
      if (before.substr(before.find(identity)) != after.substr(after.find(identity))) return {};
      result.push_back(head + "set" + std::string(after.substr(0, after.find(identity))));
    } else {
      result.push_back(head + (is_counter ? "add" + should.generated : "drop identity"));
    }
  }
  if (is.type != should.type) {
    // The old default may not fit the new type.
    if (!is.rule.empty()) result.push_back(head + "drop default");
    is.rule.clear();
    result.push_back(fmt::format("{}type {} using {}::{}", head, should.type, column,
                                 without_collation(should.type)));
  }
  std::vector<std::string> rest = change_settings(object.name, is, should, from, to);
  std::ranges::move(rest, std::back_inserter(result));
  return result;
}

/// The parts behind "create type x as enum (" or "create type x as ("; none for anything else.
std::vector<std::string> listed(const std::string& definition, std::string_view before) {
  const std::size_t at = definition.find(before);
  if (at == std::string::npos) return {};
  std::string_view list = std::string_view(definition).substr(at + before.size());
  list.remove_suffix(1);
  return parts_of(list);
}

std::vector<std::string> extend_enum(const ObjectIdentity& object, const std::string& from,
                                     const std::string& to) {
  const std::vector<std::string> old = listed(from, " as enum (");
  const std::vector<std::string> values = listed(to, " as enum (");
  std::vector<std::string> result;
  std::size_t found = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (found < old.size() && values[i] == old[found]) {
      ++found;
    } else if (i > 0) {
      result.push_back(fmt::format("alter type {} add value {} after {}", object.name, values[i],
                                   values[i - 1]));
    } else {
      result.push_back(fmt::format("alter type {} add value {}{}", object.name, values[i],
                                   old.empty() ? "" : " before " + old.front()));
    }
  }
  // One that is gone, or called otherwise, cannot be told apart, and no value can be taken away.
  return found == old.size() ? result : std::vector<std::string>();
}

std::vector<std::string> change_composite(const ObjectIdentity& object, const std::string& from,
                                          const std::string& to) {
  const std::vector<std::string> old = listed(from, " as (");
  const std::vector<std::string> parts = listed(to, " as (");
  std::vector<std::string> kept;
  std::vector<std::string> result;
  for (const std::string& part : old) {
    if (std::ranges::find(parts, part) != parts.end()) {
      kept.push_back(part);
    } else {
      const std::size_t end = part.starts_with('"') ? part.find('"', 1) + 1 : part.find(' ');
      result.push_back(
          fmt::format("alter type {} drop attribute {}", object.name, part.substr(0, end)));
    }
  }
  if (!std::equal(kept.begin(), kept.end(), parts.begin(),
                  parts.begin() + static_cast<std::ptrdiff_t>(std::min(kept.size(), parts.size()))))
    return {};
  for (std::size_t i = kept.size(); i < parts.size(); ++i)
    result.push_back(fmt::format("alter type {} add attribute {}", object.name, parts[i]));
  return result;
}

/// A domain's definition, clause by clause.
struct DomainText {
  std::string type, rule;
  std::vector<std::string> constraints;  ///< "name CHECK (…)"
  bool not_null = false;
};

DomainText domain_text(std::string text) {
  constexpr std::string_view constraint = " constraint ";
  constexpr std::string_view not_null = " not null";
  constexpr std::string_view rule = " default ";
  DomainText result;
  for (std::size_t at = text.rfind(constraint); at != std::string::npos;
       at = text.rfind(constraint)) {
    result.constraints.insert(result.constraints.begin(), text.substr(at + constraint.size()));
    text.resize(at);
  }
  if (text.ends_with(not_null)) {
    result.not_null = true;
    text.resize(text.size() - not_null.size());
  }
  if (const std::size_t at = text.find(rule); at != std::string::npos) {
    result.rule = text.substr(at + rule.size());
    text.resize(at);
  }
  result.type = std::move(text);
  return result;
}

std::vector<std::string> change_domain(const ObjectIdentity& object, const std::string& from,
                                       const std::string& to) {
  const DomainText is = domain_text(from);
  const DomainText should = domain_text(to);
  if (is.type != should.type) return {};
  const std::string head = fmt::format("alter domain {} ", object.name);
  const auto has = [](const DomainText& domain, const std::string& text) {
    return std::ranges::find(domain.constraints, text) != domain.constraints.end();
  };
  std::vector<std::string> result;
  for (const std::string& text : is.constraints) {
    if (!has(should, text))
      result.push_back(head + "drop constraint " + text.substr(0, text.find(" CHECK ")));
  }
  if (is.rule != should.rule)
    result.push_back(head + (should.rule.empty() ? "drop default" : "set default " + should.rule));
  if (is.not_null != should.not_null)
    result.push_back(head + (should.not_null ? "set not null" : "drop not null"));
  for (const std::string& text : should.constraints) {
    if (!has(is, text)) result.push_back(head + "add constraint " + text);
  }
  return result;
}

std::vector<std::string> change_on_purpose(const ObjectIdentity& object, const std::string& from,
                                           const std::string& to) {
  if (object.kind == "column") return retype_column(object, from, to);
  if (object.kind == "enum") return extend_enum(object, from, to);
  if (object.kind == "domain") return change_domain(object, from, to);
  if (object.kind == "type" && from.find(" as range ") == std::string::npos)
    return change_composite(object, from, to);
  return {};
}

// ---- what is gone

/// A right that git took away and that is back is the one every such object has from the start.
std::string give_back(const ObjectIdentity& object) {
  for (const std::string_view kind : {"on function ", "on procedure "}) {
    if (object.name.starts_with(kind)) return "grant execute " + object.name;
  }
  return object.name.starts_with("on type ") ? "grant usage " + object.name : std::string();
}

std::string revoke(const ObjectIdentity& object, const std::string& definition) {
  if (definition.starts_with("revoke ")) return give_back(object);
  return revoke_all(object.name);
}

/// "comment on table t is 'x'" → "comment on table t is null"
std::string uncomment(const std::string& definition) {
  const std::size_t at = std::min(definition.find(" is '"), definition.find(" is E'"));
  return at == std::string::npos ? std::string() : definition.substr(0, at) + " is null";
}

std::string remove(const Difference& entry) {
  const auto& [kind, whole_name] = entry.object;
  const auto [owner, name] = split_last(whole_name);
  if (kind == "comment") return uncomment(*entry.owned);
  if (kind == "grant") return revoke(entry.object, *entry.owned);
  if (kind == "constraint" || kind == "column")
    return fmt::format("alter table if exists {} drop {} if exists {}", owner, kind, name);
  if (kind == "trigger" || kind == "policy" || kind == "rule")
    return fmt::format("drop {} if exists {} on {}", kind, name, owner);
  const std::string_view word = kind == "enum" ? std::string_view("type")
                                : entry.owned->starts_with("create foreign ")
                                    ? std::string_view("foreign table")
                                    : std::string_view(kind);
  return fmt::format("drop {} if exists {}", word, whole_name);
}

/// Others may stand on these, and no longer do once all the rest is as the database has it.
bool is_ground(const ObjectIdentity& object) {
  constexpr std::array<std::string_view, 9> ground{
      "schema", "extension", "enum", "domain", "type", "table", "column", "sequence", "function"};
  return std::ranges::find(ground, object.kind) != ground.end();
}

/// Whether it goes with a table or column that goes.
bool goes_with(const Difference& entry, const std::set<std::string>& lost) {
  return entry.object.kind != "table" &&
         (lost.contains(entry.about) || lost.contains(std::string(table_of(entry.about))));
}

}  // namespace

std::vector<std::string> adopt(const Difference& entry) {
  if (!entry.live) {
    std::string removal = remove(entry);
    if (removal.empty()) return {};
    return {std::move(removal)};
  }
  std::vector<std::string> statements = heal(mirrored(entry));
  if (statements.empty() && entry.owned)
    return change_on_purpose(entry.object, *entry.owned, *entry.live);
  return statements;
}

Adoptions adoptions(std::vector<Difference> entries, std::set<std::string> lost) {
  Adoptions result;
  std::vector<Difference> made;
  std::vector<Difference> gone;
  for (Difference& entry : entries) {
    if (!entry.live && entry.object.kind == "table") lost.insert(entry.about);
    if (adopt(entry).empty()) {
      result.unknown.push_back(std::move(entry));
    } else {
      (entry.live ? made : gone).push_back(std::move(entry));
    }
  }
  // What healing would bring back first is what goes last.
  in_order_of_making(gone);
  std::ranges::reverse(gone);
  std::ranges::stable_sort(gone, {},
                           [](const Difference& entry) { return is_ground(entry.object); });
  std::vector<Difference> mirrors;
  for (const Difference& entry : made) mirrors.push_back(mirrored(entry));
  const auto drop_those = [&](bool ground) {
    for (const Difference& entry : gone) {
      if (is_ground(entry.object) != ground) continue;
      result.pieces.push_back(
          {entry, goes_with(entry, lost) ? std::vector<std::string>() : adopt(entry)});
    }
  };
  drop_those(false);
  for (Healing& healing : healings_with(
           std::move(mirrors), [](const Difference& entry) { return adopt(mirrored(entry)); }))
    result.pieces.push_back({mirrored(healing.entry), std::move(healing.statements)});
  drop_those(true);
  return result;
}

std::string digest_of(const std::optional<std::string>& definition) {
  constexpr std::size_t length = 16;
  return definition ? sha256(*definition).substr(0, length) : "gone";
}

}  // namespace reconcile::catalog
