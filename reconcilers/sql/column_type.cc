#include "reconcilers/sql/column_type.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "reconcilers/sql/parse_tree.h"
#include "reconcilers/sql/surroundings.h"

namespace reconcile::sql {
namespace {

namespace json = boost::json;

bool one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// What the catalog calls a type, and what format_type() does.
std::string formatted(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> names{
      {{"int2", "smallint"},
       {"int4", "integer"},
       {"int8", "bigint"},
       {"float4", "real"},
       {"float8", "double precision"},
       {"bool", "boolean"},
       {"bpchar", "character"},
       {"varchar", "character varying"},
       {"varbit", "bit varying"},
       {"timestamp", "timestamp without time zone"},
       {"timestamptz", "timestamp with time zone"},
       {"time", "time without time zone"},
       {"timetz", "time with time zone"}}};
  const auto* found = std::find_if(names.begin(), names.end(),
                                   [&](const auto& entry) { return entry.first == name; });
  return std::string(found == names.end() ? name : found->second);
}

bool counts_characters(std::string_view base) {
  return one_of(base, {"character varying", "character"});
}
bool is_text(std::string_view base) { return base == "text" || counts_characters(base); }
bool is_timestamp(std::string_view base) { return base.starts_with("timestamp "); }
bool is_whole(std::string_view base) { return one_of(base, {"smallint", "integer", "bigint"}); }
bool is_broken(std::string_view base) {
  return one_of(base, {"numeric", "real", "double precision"});
}

int first_of(const ColumnType& type, int without) {
  return type.modifiers.empty() ? without : type.modifiers.front();
}

constexpr int unlimited = 1 << 30;

TypeChange free_of_cost() { return {.rewrites = false, .loss = {}}; }
TypeChange rewrite(std::string loss = {}) { return {.rewrites = true, .loss = std::move(loss)}; }

TypeChange change_of_numeric(const ColumnType& from, const ColumnType& to) {
  if (to.modifiers.empty()) return free_of_cost();
  const auto scale = [](const ColumnType& type) {
    return type.modifiers.size() > 1 ? type.modifiers[1] : 0;
  };
  const bool rounds = from.modifiers.empty() || scale(to) < scale(from);
  if (rounds) return rewrite("digits behind the point are rounded away");
  if (scale(to) == scale(from) && first_of(to, 0) >= first_of(from, 0)) return free_of_cost();
  return rewrite();
}

/// Six digits of a second are all there are.
TypeChange change_of_precision(const ColumnType& from, const ColumnType& to) {
  return first_of(to, 6) >= first_of(from, 6) ? free_of_cost()
                                              : rewrite("parts of a second are rounded away");
}

TypeChange change_of_text(const ColumnType& from, const ColumnType& to, bool cast) {
  const int before = from.base == "text" ? unlimited : first_of(from, unlimited);
  const int after = to.base == "text" ? unlimited : first_of(to, unlimited);
  const bool narrower = after < before;
  const std::string loss = narrower && cast ? "the cast cuts longer values without an error" : "";
  const bool padded = from.base == "character" || to.base == "character";
  if (narrower || padded) return rewrite(loss);
  return free_of_cost();
}

/// Between two types of different kinds.
TypeChange change_of_kind(const ColumnType& from, const ColumnType& to, bool utc) {
  if (is_timestamp(from.base) && is_timestamp(to.base)) {
    const TypeChange precision = change_of_precision(from, to);
    return utc ? precision : rewrite(precision.loss);
  }
  if (from.base == "cidr" && to.base == "inet") return free_of_cost();
  if (is_timestamp(from.base) && to.base == "date") return rewrite("the time of day is cut off");
  if (is_timestamp(from.base) && to.base.starts_with("time "))
    return rewrite("the date is cut off");
  if (is_broken(from.base) && is_whole(to.base))
    return rewrite("digits behind the point are rounded away");
  const bool coarser = one_of(from.base, {"numeric", "double precision"}) &&
                       (to.base == "real" || (from.base == "numeric" && is_broken(to.base)));
  if (coarser) return rewrite("digits that do not fit are rounded away");
  return rewrite();
}

}  // namespace

ColumnType type_in_tree(const json::object& type_name) {
  const QualifiedName name = name_of_parts(array_in(type_name, "names"));
  ColumnType type{.base = formatted(name.name), .modifiers = {}, .array = false};
  type.array = !array_in(type_name, "arrayBounds").empty();
  for (const json::value& modifier : array_in(type_name, "typmods")) {
    const json::object* constant = inner(modifier);
    const json::object* number = constant == nullptr ? nullptr : object_in(*constant, "ival");
    if (number == nullptr) continue;
    const json::value* value = number->if_contains("ival");
    type.modifiers.push_back(value == nullptr ? 0 : static_cast<int>(value->as_int64()));
  }
  return type;
}

ColumnType type_in_catalog(const CatalogFacts::Column& column) {
  ColumnType type{.base = column.type, .modifiers = {}, .array = column.type.ends_with("[]")};
  if (type.array) type.base.resize(type.base.size() - 2);
  if (column.modifier < 0) return type;
  constexpr int header = 4;
  if (counts_characters(type.base)) {
    type.modifiers = {column.modifier - header};
  } else if (type.base == "numeric") {
    // Eleven bits of a signed scale below sixteen of precision: numeric.c.
    const int packed = column.modifier - header;
    type.modifiers = {(packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024};
  } else {
    type.modifiers = {column.modifier};
  }
  return type;
}

TypeChange change_of_type(const std::optional<ColumnType>& from, const ColumnType& to, bool cast,
                          bool utc) {
  if (!from) return rewrite();
  if (*from == to) return free_of_cost();
  if (from->array || to.array) return rewrite();
  if (is_text(from->base) && is_text(to.base)) return change_of_text(*from, to, cast);
  if (from->base != to.base) return change_of_kind(*from, to, utc);
  if (to.base == "numeric") return change_of_numeric(*from, to);
  if (to.base == "bit varying") {
    const bool narrower = first_of(to, unlimited) < first_of(*from, unlimited);
    return narrower ? rewrite(cast ? "the cast cuts longer values without an error" : "")
                    : free_of_cost();
  }
  if (is_timestamp(to.base) || to.base.starts_with("time ")) return change_of_precision(*from, to);
  return rewrite();
}

}  // namespace reconcile::sql
