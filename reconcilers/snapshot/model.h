#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reconcile::snapshot {

/// A value of a snapshot, with JavaScript's numbers: whole ones are int64 however they were
/// written, so that 1, 1.0 and 1e0 compare equal; beyond 2^53 they are doubles, as Directus rounds
/// them.
using Value = boost::json::value;

/// Gives numbers that form, all the way down.
Value normalised(Value value);

/// The name of an attribute. Interned: a snapshot has hundreds of thousands of attributes and a few
/// dozen names.
class Key {
 public:
  /// Thread-safe. Names live as long as the process; readers bound how many a file may bring.
  explicit Key(std::string_view name);

  std::string_view name() const { return *name_; }
  bool operator==(const Key& other) const { return name_ == other.name_; }

 private:
  const std::string* name_;
};

/// The attributes of a `meta` or `schema` mapping, in file order. A key that is not there is not
/// managed.
class Attributes {
 public:
  void reserve(std::size_t count) { items_.reserve(count); }
  void add(Key key, Value value) { items_.emplace_back(key, std::move(value)); }
  const Value* find(Key key) const;
  Value* find(Key key);
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  std::size_t size() const { return items_.size(); }

 private:
  std::vector<std::pair<Key, Value>> items_;
};

/// Each entity has two parts. `meta` is its row in a Directus table, absent where Directus does not
/// track it; `schema` is its table, column or foreign key, absent for folders, aliases and
/// relations without a constraint.
struct Collection {
  std::string name;
  std::optional<Attributes> meta;
  std::optional<Attributes> schema;
};

struct Field {
  std::string collection;
  std::string name;
  std::string type;
  std::optional<Attributes> meta;
  std::optional<Attributes> schema;
  long id = 0;                ///< of its directus_fields row; 0 in a file
  bool unproven = false;      ///< NOT NULL has begun to be live, and only refuses new rows yet
  bool half_unique = false;   ///< UNIQUE has begun to be live, and may be an index only yet
  bool half_indexed = false;  ///< its index has begun to be built
};

struct Relation {
  std::string collection;
  std::string field;
  std::string related;  ///< empty for a many-to-any relation
  std::optional<Attributes> meta;
  std::optional<Attributes> schema;
  long id = 0;
  bool validated = true;  ///< the foreign key counts for all rows, as a file always means it
};

/// The index of a field of one of Directus' own collections, listed since Directus 11.13.
struct SystemField {
  std::string collection;
  std::string name;
  std::optional<Attributes> schema;
};

/// A Directus schema: a `schema.yaml`, or a live database in the same terms. Both sides of every
/// comparison are this type.
struct Snapshot {
  std::string directus;  ///< version that wrote the file
  std::string vendor;
  std::vector<Collection> collections;
  std::vector<Field> fields;
  /// Absent in files of versions that do not list them: then they are not managed.
  std::optional<std::vector<SystemField>> system_fields;
  std::vector<Relation> relations;
};

/// "clubs", and "clubs.title" for fields and relations: the name in plans and commit messages.
std::string name_of(const Collection& entity);
std::string name_of(const Field& entity);
std::string name_of(const Relation& entity);

/// The text of a string value, empty for everything else.
std::string_view text_of(const Value* value);

/// True for the value true only.
bool truth_of(const Value* value);

}  // namespace reconcile::snapshot
