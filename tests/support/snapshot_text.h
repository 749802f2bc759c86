#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconcile::test {

/// Writes a `schema.yaml` of its own for a test, with the keys that matter to it: a key that is not
/// there is not managed.
class SnapshotText {
 public:
  /// A table with a uuid primary key `id`, tracked by Directus.
  SnapshotText& collection(const std::string& name, const std::string& note = "null");
  /// A nullable varchar(255). `name` is "collection.field".
  SnapshotText& text(const std::string& name, const std::string& note = "null");
  /// Any column: `schema` and `meta` are more keys, as in YAML's flow style.
  SnapshotText& field(const std::string& name, const std::string& type, const std::string& schema,
                      const std::string& meta = "");
  /// A uuid column that refers to `related`, with its foreign key.
  SnapshotText& relation(const std::string& name, const std::string& related,
                         const std::string& on_delete = "SET NULL");
  /// Lines for one of the lists, as they are.
  SnapshotText& raw_field(const std::string& entry);

  /// The whole file.
  std::string str() const;
  operator std::string_view() const { return text_ = str(); }

  std::string vendor = "postgres";

 private:
  std::string collections_, fields_, relations_;
  mutable std::string text_;  // what the view looks at
};

}  // namespace reconcile::test
