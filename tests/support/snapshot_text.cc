#include "tests/support/snapshot_text.h"

#include <fmt/format.h>

namespace reconcile::test {
namespace {

struct Name {
  std::string collection, field;
};

Name parts(const std::string& name) {
  const std::size_t dot = name.find('.');
  return {name.substr(0, dot), name.substr(dot + 1)};
}

std::string also(const std::string& keys) { return keys.empty() ? "" : ", " + keys; }

}  // namespace

SnapshotText& SnapshotText::collection(const std::string& name, const std::string& note) {
  collections_ += fmt::format(
      "  - collection: {0}\n"
      "    meta: {{collection: {0}, note: {1}, hidden: false}}\n"
      "    schema: {{name: {0}}}\n",
      name, note);
  return field(name + ".id", "uuid", "is_nullable: false, is_primary_key: true");
}

SnapshotText& SnapshotText::text(const std::string& name, const std::string& note) {
  return field(name, "character varying", "max_length: 255, is_nullable: true", "note: " + note);
}

SnapshotText& SnapshotText::field(const std::string& name, const std::string& type,
                                  const std::string& schema, const std::string& meta) {
  const auto [collection, field] = parts(name);
  return raw_field(
      fmt::format("  - collection: {0}\n"
                  "    field: {1}\n"
                  "    type: string\n"
                  "    meta: {{collection: {0}, field: {1}, interface: input{4}}}\n"
                  "    schema: {{name: {1}, table: {0}, data_type: {2}{3}}}\n",
                  collection, field, type, also(schema), also(meta)));
}

SnapshotText& SnapshotText::relation(const std::string& name, const std::string& related,
                                     const std::string& on_delete) {
  const auto [collection, column] = parts(name);
  relations_ += fmt::format(
      "  - collection: {0}\n"
      "    field: {1}\n"
      "    related_collection: {2}\n"
      "    meta: {{many_collection: {0}, many_field: {1}, one_collection: {2}, one_field: null}}\n"
      "    schema: {{table: {0}, column: {1}, foreign_key_table: {2}, foreign_key_column: id, "
      "constraint_name: {0}_{1}_foreign, on_update: NO ACTION, on_delete: {3}}}\n",
      collection, column, related, on_delete);
  return field(name, "uuid", "is_nullable: true");
}

SnapshotText& SnapshotText::raw_field(const std::string& entry) {
  fields_ += entry;
  return *this;
}

std::string SnapshotText::str() const {
  const auto list = [](std::string_view name, const std::string& entries) {
    return entries.empty() ? fmt::format("{}: []\n", name) : fmt::format("{}:\n{}", name, entries);
  };
  return fmt::format("version: 1\ndirectus: 11.6.1\nvendor: {}\n", vendor) +
         list("collections", collections_) + list("fields", fields_) +
         list("relations", relations_);
}

}  // namespace reconcile::test
