#include "controller/postgres/catalog_reader.h"

#include "controller/postgres/catalog_inventory.h"
#include "controller/postgres/hazard_facts.h"
#include "controller/postgres/scope.h"
#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

/// Deparsed expressions and types name the schema of what is not in the search path. The inventory
/// wants all of them named; Directus reads with its own schema behind pg_catalog, which comes first
/// by itself.
constexpr std::string_view inventory_path = "set local search_path = ''";
constexpr std::string_view directus_path = "set local search_path = public";

/// With every plan allowed, as Directus has it: see catalog_foreign_keys_as_listed.sql.
constexpr std::string_view directus_plans =
    "set local search_path = public; set local enable_nestloop = on";

}  // namespace

Result<LiveState> CatalogReader::read(const Seen& known) {
  return ahead_.valid() ? ahead_.get() : read_now(known);
}

void CatalogReader::read_ahead(const Seen& known) {
  ahead_ = std::async(std::launch::async, [this, known] { return read_now(known); });
}

Result<LiveState> CatalogReader::read_now(const Seen& known) {
  return in_scope([this, &known](LiveState& live) -> Result<void> {
    auto seen = look(known, live.directus);
    if (!seen) return seen.error();
    live.seen = std::move(*seen);
    return read_managed(live);
  });
}

Result<LiveState> CatalogReader::read_again() {
  return in_scope([this](LiveState& live) { return read_managed(live); });
}

Result<LiveState> CatalogReader::read_schema() {
  return in_scope([this](LiveState& live) -> Result<void> {
    if (!live.directus) return {};
    auto there =
        session_.query("select pg_catalog.to_regclass('public.directus_migrations') is not null");
    if (!there) return there.error();
    if (there->truth(0, 0)) {
      auto rows = session_.query("select version from public.directus_migrations");
      if (!rows) return rows.error();
      live.migrations = std::move(*rows);
    }
    return read_tables(live, directus_plans, sql::catalog_foreign_keys_as_listed);
  });
}

template <class Reading>
Result<LiveState> CatalogReader::in_scope(Reading reading) {
  ReadScope scope(session_);
  session_.put_off(inventory_path);
  auto installed = session_.query(sql::directus_installed);
  if (!installed) return installed.error();
  LiveState live;
  live.directus = installed->truth(0, 0);
  live.moment = installed->text(0, 1);
  if (auto done = reading(live); !done) return done.error();
  if (auto closed = scope.close(); !closed) return closed.error();
  return live;
}

Result<void> CatalogReader::read_managed(LiveState& live) {
  if (!live.directus) return {};
  return read_tables(live, directus_path, sql::catalog_foreign_keys);
}

Result<void> CatalogReader::read_tables(LiveState& live, std::string_view settings,
                                        std::string_view foreign_keys) {
  if (auto set = session_.execute(settings); !set) return set;
  const std::pair<std::string_view, TextTable LiveState::*> queries[] = {
      {sql::catalog_tables, &LiveState::tables},
      {sql::catalog_keyed_tables, &LiveState::keyed_tables},
      {sql::catalog_columns, &LiveState::columns},
      {foreign_keys, &LiveState::foreign_keys},
      {"select * from public.directus_collections order by collection", &LiveState::collections},
      {"select * from public.directus_fields order by id", &LiveState::fields},
      {"select * from public.directus_relations order by id", &LiveState::relations}};
  for (const auto& [query, table] : queries) {
    auto rows = session_.query(query);
    if (!rows) return rows.error();
    live.*table = std::move(*rows);
  }
  return {};
}

Result<Seen> CatalogReader::look(const Seen& known, bool directus) {
  if (!known.pulse.empty()) {
    auto pulse = session_.query(pulse_query(directus));
    if (!pulse) return pulse.error();
    if (pulse->text(0, 0) == known.pulse) return known;
  }
  auto rows = session_.query(
      over_inventory("select live_fingerprint, live_pulse from live_inventory live", directus));
  if (!rows) return rows.error();
  return Seen{std::string(rows->text(0, 0)), std::string(rows->text(0, 1))};
}

Result<Seen> CatalogReader::look(const Seen& known) {
  ReadScope scope(session_);
  session_.put_off(inventory_path);
  auto installed = session_.query(sql::directus_installed);
  if (!installed) return installed.error();
  auto seen = look(known, installed->truth(0, 0));
  if (!seen) return seen;
  if (auto closed = scope.close(); !closed) return closed.error();
  return seen;
}

Result<std::string> CatalogReader::moment() {
  auto now = session_.query("select pg_catalog.pg_current_snapshot()::text");
  if (!now) return now.error();
  return std::string(now->text(0, 0));
}

Result<CatalogFacts> CatalogReader::facts(const MentionedNames& mentioned) {
  return read_hazard_facts(session_, mentioned);
}

Result<std::vector<std::int64_t>> CatalogReader::count(std::span<const std::string> queries) {
  std::vector<std::int64_t> counts;
  if (queries.empty()) return counts;
  std::string all;
  for (const std::string& query : queries) all += (all.empty() ? "select (" : ", (") + query + ")";
  auto rows = session_.query(all);
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < queries.size(); ++i) counts.push_back(rows->number(0, i));
  return counts;
}

}  // namespace reconcile::postgres
