#include "controller/postgres/inventory_store.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <map>

#include "controller/postgres/catalog_inventory.h"
#include "controller/postgres/query_part.h"
#include "controller/postgres/scope.h"
#include "postgres_sql.h"

namespace reconcile::postgres {
namespace {

std::optional<std::string> cell(const TextTable& rows, std::size_t row, std::size_t column) {
  const auto text = rows.at(row, column);
  if (!text) return std::nullopt;
  return std::string(*text);
}

/// kind, name, about, owned, live, file, commit
Difference difference(const TextTable& rows, std::size_t row) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(row, column)); };
  return {{text(0), text(1)}, text(2), cell(rows, row, 3), cell(rows, row, 4), {text(5), text(6)}};
}

std::vector<Difference> differences_in(const TextTable& rows) {
  std::vector<Difference> result;
  for (std::size_t row = 0; row < rows.rows(); ++row) result.push_back(difference(rows, row));
  return result;
}

std::string as_json(std::span<const std::string> texts) {
  boost::json::array list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(text);
  return boost::json::serialize(list);
}

std::string as_json(std::span<const ObjectIdentity> objects) {
  std::vector<std::string> names;
  for (const ObjectIdentity& object : objects) names.push_back(object.text());
  return as_json(names);
}

/// Where nothing was ever written down, git owns nothing.
std::string over_owned(std::string_view text, bool installed) {
  constexpr std::string_view nothing =
      "(select '' as kind, '' as name, '' as about, null::text as definition, '' as file, "
      "'' as commit where false)";
  return with_part(std::string(text), "owned_inventory",
                   installed ? "reconcile.inventory" : nothing);
}

/// What a file has made, of what `selection` selects.
std::string attributing(std::string_view selection) {
  return with_part(std::string(sql::inventory_attribute), "selected_objects", selection);
}

Error cannot(Error error, std::string_view doing) {
  error.what = doing;
  if (error.sqlstate == "42501")
    error.next = "grant the role SELECT on all tables of the schema reconcile";
  return error;
}

}  // namespace

Result<bool> InventoryStore::directus() {
  auto found = session_.query(sql::directus_installed);
  if (!found) return found.error();
  return found->truth(0, 0);
}

Result<bool> InventoryStore::installed() {
  auto there =
      session_.query("select pg_catalog.to_regclass('reconcile.inventory_change') is not null");
  if (!there) return there.error();
  return there->truth(0, 0);
}

/// The text of a query that reads the inventory, ready to run.
Result<std::string> InventoryStore::reading(std::string_view text) {
  auto with_directus = directus();
  if (!with_directus) return with_directus.error();
  if (auto set = session_.execute("set local search_path = ''"); !set) return set.error();
  return over_inventory(text, *with_directus);
}

Result<std::vector<Difference>> InventoryStore::differences() {
  ReadScope scope(session_);
  auto there = installed();
  if (!there) return there.error();
  if (!*there) return std::vector<Difference>();
  auto query = reading(sql::inventory_differences);
  if (!query) return query.error();
  auto rows = session_.query(*query);
  if (!rows) return cannot(rows.error(), "cannot compare the inventory with the database");
  if (auto closed = scope.close(); !closed) return closed.error();
  return differences_in(*rows);
}

Result<std::vector<ObjectRecord>> InventoryStore::find(std::string_view name) {
  std::vector<ObjectRecord> result;
  ReadScope scope(session_);
  auto there = installed();
  if (!there) return there.error();
  if (!*there) return result;
  auto query = reading(sql::inventory_find);
  if (!query) return query.error();
  const std::vector<std::string> parameters{std::string(name)};
  auto rows = session_.query(*query, parameters);
  if (!rows) return cannot(rows.error(), "cannot read the inventory");
  std::map<ObjectIdentity, std::size_t> places;
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    result.push_back({difference(*rows, row), std::string(rows->text(row, 7)), {}});
    places.emplace(result.back().state.object, row);
  }
  auto changes = session_.query(sql::inventory_changes, parameters);
  if (!changes) return cannot(changes.error(), "cannot read the inventory");
  for (std::size_t row = 0; row < changes->rows(); ++row) {
    const auto text = [&](std::size_t column) { return std::string(changes->text(row, column)); };
    const ObjectIdentity object{text(0), text(1)};
    if (const auto [at, gone] = places.try_emplace(object, result.size()); gone)
      result.push_back({{object, "", {}, {}, {}}, "", {}});
    result[places.at(object)].changes.push_back({text(2), {text(3), text(4)}, text(5), text(6)});
  }
  if (auto closed = scope.close(); !closed) return closed.error();
  return result;
}

Result<std::vector<Difference>> InventoryStore::states(std::span<const std::string> objects) {
  ReadScope scope(session_);
  auto there = installed();
  if (!there) return there.error();
  auto query = reading(over_owned(sql::inventory_states, *there));
  if (!query) return query.error();
  auto rows = session_.query(*query, {as_json(objects)});
  if (!rows) return cannot(rows.error(), "cannot compare the inventory with the database");
  if (auto closed = scope.close(); !closed) return closed.error();
  return differences_in(*rows);
}

Result<Seen> InventoryStore::look(std::string_view text,
                                  const std::vector<std::string>& parameters) {
  auto with_directus = directus();
  if (!with_directus) return with_directus.error();
  if (auto set = session_.execute(inventory_settings); !set) return set.error();
  auto rows = session_.query(over_inventory(text, *with_directus), parameters);
  if (!rows) return cannot(rows.error(), "cannot write the inventory");
  if (auto undone = session_.execute(inventory_settings_undone); !undone) return undone.error();
  return Seen{std::string(rows->text(0, 0)), std::string(rows->text(0, 1))};
}

Result<Seen> InventoryStore::note(Trust trust, std::span<const std::string> doubted) {
  constexpr std::array<const char*, 3> words{"nothing", "owned", "everything"};
  return look(sql::inventory_note, {words.at(static_cast<std::size_t>(trust)), as_json(doubted)});
}

Result<Seen> InventoryStore::adopt(const Origin& origin, std::span<const ObjectIdentity> objects) {
  return look(attributing(sql::inventory_select_named),
              {origin.file, origin.commit, origin.commit, as_json(objects), ""});
}

Result<Seen> InventoryStore::attribute_these(const Origin& origin,
                                             std::span<const ObjectIdentity> objects,
                                             const std::string& about) {
  return look(attributing(sql::inventory_select_named),
              {origin.file, origin.commit, "", as_json(objects), about});
}

void InventoryStore::attribute_ahead(const Origin& origin, std::span<const std::string> claimed) {
  ahead_ =
      std::async(std::launch::async, [this, parameters = std::vector<std::string>{
                                                origin.file, origin.commit, "", as_json(claimed)}] {
        return look(attributing(sql::inventory_select_unseen), parameters);
      });
}

}  // namespace reconcile::postgres
