#include "controller/postgres/inventory_store.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <map>

#include "controller/postgres/catalog_inventory.h"
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

std::string as_json(std::span<const std::string> texts) {
  boost::json::array list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(text);
  return boost::json::serialize(list);
}

/// Where nothing was ever written down, git owns nothing.
std::string over_owned(std::string_view text, bool installed) {
  constexpr std::string_view place = "owned_inventory";
  constexpr std::string_view nothing =
      "(select '' as kind, '' as name, '' as about, null::text as definition, '' as file, "
      "'' as commit where false)";
  std::string result(text);
  return result.replace(result.rfind(place), place.size(),
                        installed ? "reconcile.inventory" : nothing);
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

/// The text of a query that reads the inventory, ready to run; none where there is no inventory.
Result<std::optional<std::string>> InventoryStore::reading(std::string_view text) {
  auto there = installed();
  if (!there) return there.error();
  if (!*there) return std::optional<std::string>();
  auto with_directus = directus();
  if (!with_directus) return with_directus.error();
  if (auto set = session_.execute("set local search_path = ''"); !set) return set.error();
  return std::optional(over_inventory(text, *with_directus));
}

Result<std::vector<Difference>> InventoryStore::differences() {
  std::vector<Difference> result;
  ReadScope scope(session_);
  auto query = reading(sql::inventory_differences);
  if (!query) return query.error();
  if (!*query) return result;
  auto rows = session_.query(**query);
  if (!rows) return cannot(rows.error(), "cannot compare the inventory with the database");
  for (std::size_t row = 0; row < rows->rows(); ++row) result.push_back(difference(*rows, row));
  if (auto closed = scope.close(); !closed) return closed.error();
  return result;
}

Result<std::vector<ObjectRecord>> InventoryStore::find(std::string_view name) {
  std::vector<ObjectRecord> result;
  ReadScope scope(session_);
  auto query = reading(sql::inventory_find);
  if (!query) return query.error();
  if (!*query) return result;
  const std::vector<std::string> parameters{std::string(name)};
  auto rows = session_.query(**query, parameters);
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
  std::vector<Difference> result;
  ReadScope scope(session_);
  auto there = installed();
  if (!there) return there.error();
  auto with_directus = directus();
  if (!with_directus) return with_directus.error();
  if (auto set = session_.execute("set local search_path = ''"); !set) return set.error();
  auto rows =
      session_.query(over_inventory(over_owned(sql::inventory_states, *there), *with_directus),
                     std::vector<std::string>{as_json(objects)});
  if (!rows) return cannot(rows.error(), "cannot compare the inventory with the database");
  for (std::size_t row = 0; row < rows->rows(); ++row) result.push_back(difference(*rows, row));
  if (auto closed = scope.close(); !closed) return closed.error();
  return result;
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
  boost::json::array pairs;
  for (const ObjectIdentity& object : objects)
    pairs.push_back(boost::json::array{object.kind, object.name});
  return look(sql::inventory_adopt, {origin.file, origin.commit, boost::json::serialize(pairs)});
}

Result<Seen> InventoryStore::attribute_these(const Origin& origin,
                                             std::span<const ObjectIdentity> objects,
                                             const std::string& about) {
  std::vector<std::string> names;
  for (const ObjectIdentity& object : objects) names.push_back(object.text());
  return look(sql::inventory_attribute, {origin.file, origin.commit, "[]", as_json(names), about});
}

void InventoryStore::attribute_ahead(const Origin& origin, std::span<const std::string> claimed) {
  ahead_ = std::async(std::launch::async,
                      [this, parameters = std::vector<std::string>{origin.file, origin.commit,
                                                                   as_json(claimed), "[]", ""}] {
                        return look(sql::inventory_attribute, parameters);
                      });
}

}  // namespace reconcile::postgres
