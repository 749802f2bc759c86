#include <algorithm>
#include <set>
#include <unordered_map>

#include "reconcilers/snapshot/column_attributes.h"
#include "reconcilers/snapshot/rename.h"

namespace reconcile::snapshot {
namespace {

// Of the columns of two tables, taken together, this many in a hundred have to be in both.
constexpr std::size_t alike_percent = 75;

/// What does not tell one column from another: its own name, and what follows from it.
bool says_nothing(Key key) {
  return one_of(key.name(), {"name", "table", "default_value", "is_indexed"});
}

bool same_shape(const Field& left, const Field& right) {
  if (left.schema.has_value() != right.schema.has_value()) return false;
  if (!left.schema) {
    const auto special = [](const Field& field) {
      const Value* value = field.meta ? field.meta->find(Key("special")) : nullptr;
      return value == nullptr ? Value(nullptr) : *value;
    };
    return special(left) == special(right);
  }
  return std::ranges::all_of(*left.schema, [&](const auto& item) {
    const Value* other = right.schema->find(item.first);
    return says_nothing(item.first) || other == nullptr || *other == item.second;
  });
}

using Columns = std::set<std::string>;

std::unordered_map<std::string, Columns> columns_by_collection(const Snapshot& snapshot) {
  std::unordered_map<std::string, Columns> columns;
  for (const Field& field : snapshot.fields) {
    std::string column = field.name;
    column += '\0';
    if (field.schema) column += data_type(*field.schema);
    columns[field.collection].insert(std::move(column));
  }
  return columns;
}

bool alike(const Columns& left, const Columns& right) {
  std::size_t common = 0;
  for (const std::string& column : left) common += right.count(column);
  const std::size_t all = left.size() + right.size() - common;
  return common > 0 && common * 100 >= all * alike_percent;
}

/// Pairs of which neither side has a second partner.
std::map<ObjectIdentity, std::string> unambiguous(
    const std::string& kind, const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::map<ObjectIdentity, std::string> renames;
  for (const auto& pair : pairs) {
    const auto shares = [&](const auto& other) {
      return other.first == pair.first || other.second == pair.second;
    };
    if (std::ranges::count_if(pairs, shares) == 1)
      renames.emplace(ObjectIdentity{kind, pair.first}, pair.second);
  }
  return renames;
}

/// What git no longer has, and what it has that neither base nor the database knows.
template <class Entity>
struct Replaced {
  std::vector<const Entity*> gone;
  std::vector<const Entity*> come;
};

template <class Entity>
std::set<std::string> names(const std::vector<Entity>& entities) {
  std::set<std::string> found;
  for (const Entity& entity : entities) found.insert(name_of(entity));
  return found;
}

template <class Entity>
Replaced<Entity> replaced(const std::vector<Entity>& base, const std::vector<Entity>& desired,
                          const std::vector<Entity>& live) {
  const auto wanted = names(desired);
  auto known = names(base);
  known.merge(names(live));
  Replaced<Entity> result;
  for (const Entity& entity : base) {
    if (!wanted.contains(name_of(entity))) result.gone.push_back(&entity);
  }
  for (const Entity& entity : desired) {
    if (!known.contains(name_of(entity))) result.come.push_back(&entity);
  }
  return result;
}

/// Pairs of something gone and something come that `match`, by name.
template <class Entity, class Match>
std::map<ObjectIdentity, std::string> pairs(const std::string& kind,
                                            const Replaced<Entity>& replaced, const Match& match) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const Entity* from : replaced.gone) {
    for (const Entity* to : replaced.come) {
      if (match(*from, *to)) found.emplace_back(name_of(*from), name_of(*to));
    }
  }
  return unambiguous(kind, found);
}

}  // namespace

std::map<ObjectIdentity, std::string> likely_renames(const Snapshot& base, const Snapshot& desired,
                                                     const Snapshot& live) {
  auto renames = pairs("field", replaced(base.fields, desired.fields, live.fields),
                       [](const Field& from, const Field& to) {
                         return from.collection == to.collection && same_shape(from, to);
                       });
  auto before = columns_by_collection(base);
  auto after = columns_by_collection(desired);
  renames.merge(pairs("collection",
                      replaced(base.collections, desired.collections, live.collections),
                      [&](const Collection& from, const Collection& to) {
                        return alike(before[from.name], after[to.name]);
                      }));
  return renames;
}

}  // namespace reconcile::snapshot
