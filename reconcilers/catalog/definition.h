#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconcilers/core/plan.h"

// Reads the definitions of an inventory, which are written by
// controller/postgres/catalog_inventory.sql.
namespace reconcile::catalog {

/// "public.clubs.name" → "public.clubs" and "name"; a dot between quotes belongs to the name.
std::pair<std::string_view, std::string_view> split_last(std::string_view name);

/// "events.slug" → "events"; "telemetry.positions.id" → "telemetry.positions": of
/// Difference::about.
std::string_view table_of(std::string_view about);

/// The statements of a definition, which stand on lines of their own.
std::vector<std::string> statements_of(std::string_view kind, std::string_view definition);

/// What a column is, taken from "alter table t add column c TYPE default E constraint n not null";
/// the name of that constraint is there since PostgreSQL 18.
struct ColumnText {
  std::string type, rule, generated, not_null_name;
  bool not_null = false;
};
ColumnText column_text(std::string_view definition, std::string_view name);

/// Takes away an object that holds no data; empty for those that do.
std::string drop(const ObjectIdentity& object);

/// Takes all of a grant; `name` is "on table t to role", or "on table t (c) to role".
std::string revoke_all(std::string_view name);

/// What of two columns of one type is not alike: default, not null, storage and settings. `before`
/// and `after` are their definitions.
std::vector<std::string> change_settings(std::string_view name, const ColumnText& from,
                                         const ColumnText& to, std::string_view before,
                                         std::string_view after);

/// The parts of "a integer, b numeric(10, 2)": a comma between brackets or quotes parts nothing.
std::vector<std::string> parts_of(std::string_view list);

}  // namespace reconcile::catalog
