#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "reconcilers/core/result.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// A list of a snapshot file, with what its entries may hold besides collection, meta and schema.
struct List {
  std::string_view name;    ///< the key at the top of the file
  std::string_view entity;  ///< what one entry is called
  bool has_field;
  std::string_view word;  ///< a further text; empty where there is none
};

/// Where in a file something stands, for a person who has to mend it.
struct Place {
  std::string_view file;
  int line = 0;  ///< 0 where the reader does not know lines: then the list and the entry are named
  std::string_view list = {};
  std::size_t entry = 0;

  std::string text() const;
};

/// Makes a snapshot out of what a reader of YAML or JSON finds, and says where the file is not what
/// a Directus snapshot has to be. Private to the readers.
class SnapshotBuilder {
 public:
  /// The list of that name; null where the key is none.
  static const List* list_of(std::string_view key);

  /// A key at the top of the file. Errors: unknown, there twice.
  Result<void> key(std::string_view name, const Place& place);
  /// The value of a key that is no list. Errors: a version that is not understood.
  Result<void> header(std::string_view key, const Value& value, const Place& place);
  /// One entry of a list. Errors: not a mapping, unknown keys, wrong types, there twice.
  Result<void> entry(const List& list, Value value, const Place& place);
  /// Errors: a list is missing.
  Result<Snapshot> finish(std::string_view file);

  static Error not_a_list(const List& list, const Place& place);

 private:
  struct Entry {
    std::string collection;
    std::string field;
    std::string word;
    std::optional<Attributes> meta;
    std::optional<Attributes> schema;
  };
  Result<Entry> read(const List& list, boost::json::object& members, const Place& place);
  Result<std::optional<Attributes>> part(boost::json::object& members, std::string_view key,
                                         const Place& place);
  void keep(const List& list, Entry entry);

  Snapshot snapshot_;
  std::set<std::string, std::less<>> keys_;
  std::unordered_set<const char*> attributes_;  ///< interned names: the address tells them apart
  std::unordered_set<std::string> entities_;
};

}  // namespace reconcile::snapshot
