#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "reconcilers/core/live_state.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/snapshot/model.h"
#include "reconcilers/snapshot/plan.h"

// Snapshots, and the databases that hold them, for tests that never see a server.
namespace reconcile::snapshot::test {

using Items = std::initializer_list<std::pair<std::string_view, Value>>;

Attributes attributes(Items items);
/// A copy of `attributes` in which the key has this value, new or not.
Attributes with(const Attributes& attributes, std::string_view key, Value value);
Attributes without(const Attributes& attributes, std::string_view key);

/// All schema keys of a nullable column of this type, as Directus 11.6.1 writes them, then `more`
/// over them.
Attributes column(std::string_view collection, std::string_view name, std::string_view data_type,
                  Items more = {});

Collection table(std::string name, Items meta = {});
Collection folder(std::string name, Items meta = {});
/// `name` is "collection.field".
Field field(std::string_view name, std::string_view data_type, Items schema = {}, Items meta = {});
Field primary_key(std::string_view collection);
Field alias(std::string_view name, Items meta = {});
Relation relation(std::string_view name, std::string related, Items schema = {}, Items meta = {});

Collection& collection_of(Snapshot& snapshot, std::string_view name);
Field& field_of(Snapshot& snapshot, std::string_view name);
Relation& relation_of(Snapshot& snapshot, std::string_view name);
/// Sets one key of an entity's meta or schema.
void set(std::optional<Attributes>& part, std::string_view key, Value value);
template <class Entity>
void remove(std::vector<Entity>& entities, std::string_view name);

/// Clubs and drivers: two tables, a note each, a foreign key from drivers.club to clubs.
Snapshot clubs_and_drivers();

/// The catalog and metadata rows of a database that holds exactly `snapshot`.
LiveState live_of(const Snapshot& snapshot);

/// Empty tables with the columns that Directus 11.6.1 has.
TextTable collection_rows();
TextTable field_rows();
TextTable relation_rows();
/// Empty tables with the columns of the catalog queries.
LiveState empty_database();
void add_row(TextTable& table, std::initializer_list<std::optional<std::string_view>> cells);

/// One planning run: the sides, and what came out.
struct Planning {
  Snapshot base;
  Snapshot desired;
  LiveState live;
  Allowances allowances = {};
  std::optional<std::uint64_t> collection_limit = {};

  Plan plan() const;
};

/// "create field clubs.name" for each step, in order.
std::vector<std::string> steps_of(const Plan& plan);
/// "Conflict field clubs.name" for each hold.
std::vector<std::string> holds_of(const Plan& plan);
/// "missing field clubs.name" for each difference.
std::vector<std::string> drift_of(const Plan& plan);
/// All SQL of the plan in the order in which it runs.
std::vector<std::string> sql_of(const Plan& plan);

}  // namespace reconcile::snapshot::test
