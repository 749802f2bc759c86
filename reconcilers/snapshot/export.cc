#include "reconcilers/snapshot/export.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <limits>

#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/js_text.h"
#include "reconcilers/snapshot/live.h"

namespace reconcile::snapshot {
namespace {

/// By collection, then by id; what Directus does not track has none and comes last.
template <class Entity>
bool comes_before(const Entity& left, const Entity& right) {
  const int order = compare_utf16(left.collection, right.collection);
  if (order != 0) return order < 0;
  constexpr long last = std::numeric_limits<long>::max();
  return (left.meta ? left.id : last) < (right.meta ? right.id : last);
}

/// The parts of a snapshot as a tree of keys, for either format. An object or a list is opened,
/// filled and closed.
class YamlFile {
 public:
  YamlFile(std::string& out, YamlNumbers numbers) : writer_(out, numbers) {}

  void member(std::string_view key, const Value& value) {
    writer_.member(level_, key, value, std::exchange(first_, false));
  }
  void open_list(std::string_view key) {
    writer_.open(level_, key, std::exchange(first_, false));
    ++level_;
  }
  void close_list() { --level_; }
  void open_item() {
    writer_.item(level_++);
    first_ = true;
  }
  void close_item() { --level_; }
  void open_object(std::string_view key) {
    writer_.open(level_++, key, std::exchange(first_, false));
  }
  void close_object() { --level_; }
  void begin() { first_ = true; }
  void end() { writer_.end(); }

 private:
  YamlWriter writer_;
  int level_ = 0;
  bool first_ = true;
};

class JsonFile {
 public:
  explicit JsonFile(std::string& out) : out_(out) {}

  void member(std::string_view key, const Value& value) {
    name(key);
    append_js_json(out_, value);
    first_ = false;
  }
  void open_list(std::string_view key) { open(key, '['); }
  void close_list() { close(']'); }
  void open_item() {
    comma();
    open('{');
  }
  void close_item() { close('}'); }
  void open_object(std::string_view key) { open(key, '{'); }
  void close_object() { close('}'); }
  void begin() { open('{'); }
  void end() { out_ += '}'; }

 private:
  void comma() {
    if (!first_) out_ += ',';
  }
  void name(std::string_view key) {
    comma();
    append_js_json_string(out_, key);
    out_ += ':';
  }
  void open(char bracket) {
    out_ += bracket;
    first_ = true;
  }
  void open(std::string_view key, char bracket) {
    name(key);
    open(bracket);
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

Value text(std::string_view value) { return boost::json::string(value); }

template <class File>
void write_part(File& file, std::string_view key, const Attributes& part) {
  if (part.size() == 0) return file.member(key, boost::json::object());
  file.open_object(key);
  for (const auto& [name, value] : part) file.member(name.name(), value);
  file.close_object();
}

template <class File, class Entity>
void write_parts(File& file, const Entity& entity) {
  if (entity.meta) {
    write_part(file, "meta", *entity.meta);
  } else {
    file.member("meta", nullptr);
  }
  if (entity.schema) write_part(file, "schema", *entity.schema);
}

template <class File>
void write_entity(File& file, const Collection& entity) {
  file.member("collection", text(entity.name));
  write_parts(file, entity);
}

template <class File>
void write_entity(File& file, const Field& entity) {
  file.member("collection", text(entity.collection));
  file.member("field", text(entity.name));
  file.member("type", text(entity.type));
  write_parts(file, entity);
}

template <class File>
void write_entity(File& file, const SystemField& entity) {
  file.member("collection", text(entity.collection));
  file.member("field", text(entity.name));
  if (entity.schema) write_part(file, "schema", *entity.schema);
}

template <class File>
void write_entity(File& file, const Relation& entity) {
  file.member("collection", text(entity.collection));
  file.member("field", text(entity.field));
  file.member("related_collection", entity.related.empty() ? Value(nullptr) : text(entity.related));
  write_parts(file, entity);
}

template <class File, class Entity>
void write_list(File& file, std::string_view key, const std::vector<Entity>& entities) {
  if (entities.empty()) return file.member(key, boost::json::array());
  file.open_list(key);
  for (const Entity& entity : entities) {
    file.open_item();
    write_entity(file, entity);
    file.close_item();
  }
  file.close_list();
}

template <class File>
void write(File& file, const Snapshot& snapshot) {
  file.begin();
  file.member("version", 1);
  file.member("directus", text(snapshot.directus));
  file.member("vendor", text(snapshot.vendor));
  write_list(file, "collections", snapshot.collections);
  write_list(file, "fields", snapshot.fields);
  if (snapshot.system_fields) write_list(file, "systemFields", *snapshot.system_fields);
  write_list(file, "relations", snapshot.relations);
  file.end();
}

}  // namespace

Snapshot exported(const LiveState& live, const DirectusVersion& version) {
  Snapshot snapshot = project_as(traits_of(version), live);
  snapshot.directus = version.text;
  snapshot.vendor = "postgres";
  std::ranges::stable_sort(snapshot.collections,
                           [](const Collection& left, const Collection& right) {
                             return compare_utf16(left.name, right.name) < 0;
                           });
  std::ranges::stable_sort(snapshot.fields, comes_before<Field>);
  std::ranges::stable_sort(snapshot.relations, comes_before<Relation>);
  if (snapshot.system_fields) {
    std::ranges::stable_sort(
        *snapshot.system_fields, [](const SystemField& left, const SystemField& right) {
          const int order = compare_utf16(left.collection, right.collection);
          return order != 0 ? order < 0 : compare_utf16(left.name, right.name) < 0;
        });
  }
  return snapshot;
}

std::string to_yaml(const Snapshot& snapshot, YamlNumbers numbers) {
  std::string out;
  YamlFile file(out, numbers);
  write(file, snapshot);
  return out;
}

std::string to_json(const Snapshot& snapshot) {
  std::string out;
  JsonFile file(out);
  write(file, snapshot);
  return out;
}

}  // namespace reconcile::snapshot
