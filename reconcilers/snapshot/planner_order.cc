#include <fmt/format.h>

#include <limits>
#include <unordered_set>

#include "reconcilers/snapshot/planner.h"
#include "reconcilers/sql/quote.h"

// Directus lists fields and relations by the ids of their rows, so the order of the file is an
// order of ids.

namespace reconcile::snapshot {
namespace {

/// The metadata table of one kind of entity, and how a plan calls the order of its rows.
struct RowTable {
  std::string_view name;
  std::string_view collection_column;
  std::string_view field_column;
  std::string_view object_kind;
  std::string_view detail;
};
constexpr RowTable field_table{"directus_fields", "collection", "field", "order",
                               "fields in the order of the file"};
constexpr RowTable relation_table{"directus_relations", "many_collection", "many_field",
                                  "order of relations", "relations in the order of the file"};

const std::string& field_of(const Field& entity) { return entity.name; }
const std::string& field_of(const Relation& entity) { return entity.field; }

/// One entity list in file order, as far as it has rows: a name and its id in the database, 0 for a
/// new one.
struct Placed {
  std::string name;
  long id;
};

bool out_of_order(const std::vector<Placed>& wanted) {
  long previous = 0;
  for (const Placed& entry : wanted) {
    const long id = entry.id == 0 ? std::numeric_limits<long>::max() : entry.id;
    if (id < previous) return true;
    previous = id;
  }
  return false;
}

/// Whether git itself asks for another order: something is new, or what both revisions have stands
/// differently.
bool order_intended(const std::vector<Placed>& wanted, const std::vector<std::string>& base_order) {
  std::unordered_set<std::string> desired_names;
  std::unordered_set<std::string> base_names(base_order.begin(), base_order.end());
  std::vector<std::string> shared;
  for (const Placed& entry : wanted) {
    if (entry.id == 0) return true;
    desired_names.insert(entry.name);
    if (base_names.contains(entry.name)) shared.push_back(entry.name);
  }
  std::vector<std::string> before;
  for (const std::string& name : base_order) {
    if (desired_names.contains(name)) before.push_back(name);
  }
  return before != shared;
}

/// Gives the rows of one collection new ids in file order, above all others. Nothing refers to
/// these ids.
Statement renumbering(const RowTable& rows, std::string_view collection,
                      const std::vector<Placed>& wanted) {
  std::string values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    values +=
        fmt::format("{}({}, {})", i == 0 ? "" : ", ", sql::quote_literal(wanted[i].name), i + 1);
  }
  return {.text = fmt::format(
              "with wanted(field, position) as (values {4}), top as (select max(id) as id from "
              "public.{0}), "
              "moved as (update public.{0} t set id = top.id + wanted.position from wanted, top "
              "where t.{1} = {3} and t.{2} = wanted.field returning t.id) "
              "select pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.{0}', 'id'), "
              "(select max(id) from moved))",
              rows.name, rows.collection_column, rows.field_column, sql::quote_literal(collection),
              values),
          .rank = renumber};
}

/// The names of the entities that have rows, by collection, in file order.
template <class Entity>
std::map<std::string, std::vector<std::string>> order_of(const std::vector<Entity>& entities) {
  std::map<std::string, std::vector<std::string>> order;
  for (const Entity& entity : entities) {
    if (entity.meta) order[entity.collection].push_back(field_of(entity));
  }
  return order;
}

/// What git wants in which place, by collection. What the database has lost, and nobody makes anew,
/// has none.
template <class Entity>
std::map<std::string, std::vector<Placed>> placed(const std::vector<Entity>& desired,
                                                  const ByName<Entity>& base,
                                                  const ByName<Entity>& live) {
  std::map<std::string, std::vector<Placed>> order;
  for (const Entity& entity : desired) {
    if (!entity.meta) continue;
    const std::string name = name_of(entity);
    const auto found = live.find(name);
    const long id = found == live.end() ? 0 : found->second->id;
    if (id != 0 || !base.contains(name)) order[entity.collection].push_back({field_of(entity), id});
  }
  return order;
}

/// The collections whose rows have to be numbered anew, with the statement that does it.
template <class Entity>
std::map<std::string, Statement> renumberings(const RowTable& rows,
                                              const std::vector<Entity>& base_entities,
                                              const std::vector<Entity>& desired,
                                              const ByName<Entity>& base,
                                              const ByName<Entity>& live) {
  auto before = order_of(base_entities);
  std::map<std::string, Statement> statements;
  for (const auto& [collection, wanted] : placed(desired, base, live)) {
    if (!out_of_order(wanted) || !order_intended(wanted, before[collection])) continue;
    statements.emplace(collection, renumbering(rows, collection, wanted));
  }
  return statements;
}

}  // namespace

void Planner::order() {
  const auto add_steps = [this](const RowTable& rows, std::map<std::string, Statement> statements) {
    for (auto& [collection, statement] : statements) {
      Step planned = step(Action::Change, {std::string(rows.object_kind), collection}, collection,
                          std::string(rows.detail));
      planned.statements.push_back(std::move(statement));
      add(std::move(planned));
    }
  };
  add_steps(field_table, renumberings(field_table, in_.base.fields, in_.desired.fields,
                                      base_fields_, live_fields_));
  add_steps(relation_table, renumberings(relation_table, in_.base.relations, in_.desired.relations,
                                         base_relations_, live_relations_));
}

}  // namespace reconcile::snapshot
