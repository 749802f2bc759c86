#include "reconcilers/snapshot/yaml_reader.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "reconcilers/snapshot/yaml_events.h"

namespace reconcile::snapshot {
namespace {

constexpr std::size_t max_distinct_keys = 256;

/// Turns the entries of the three lists into entities, and says where an entry is not what it
/// should be.
class Entries {
 public:
  Entries(const YamlEvents& events, Snapshot& snapshot) : events_(events), snapshot_(snapshot) {}

  Result<void> add(std::string_view list, Value entry, int line) {
    line_ = line;
    boost::json::object* members = entry.if_object();
    if (members == nullptr) return wrong(fmt::format("an entry of {} has to be a mapping", list));
    for (const auto& member : *members) {
      const bool known = member.key() == "collection" || member.key() == "meta" ||
                         member.key() == "schema" ||
                         (list != "collections" && member.key() == "field") ||
                         (list == "fields" && member.key() == "type") ||
                         (list == "relations" && member.key() == "related_collection");
      if (!known) {
        return wrong(fmt::format("unknown key \"{}\" in an entry of {}",
                                 std::string_view(member.key()), list));
      }
    }
    if (list == "collections") return collection(*members);
    if (list == "fields") return field(*members);
    return relation(*members);
  }

 private:
  Error wrong(std::string what) const {
    return events_.error(line_, std::move(what),
                         "write the file again with `directus schema snapshot`, never by hand");
  }

  Result<std::string> word(boost::json::object& members, std::string_view key,
                           bool required = true) {
    const Value* value = members.if_contains(key);
    if (!required && (value == nullptr || value->is_null())) return std::string();
    const std::string_view text = text_of(value);
    if (text.empty()) return wrong(fmt::format("\"{}\" has to be a name", key));
    if (text.find('\0') != std::string_view::npos)
      return wrong(fmt::format("\"{}\" holds a NUL byte", key));
    return std::string(text);
  }

  Result<std::optional<Attributes>> part(boost::json::object& members, std::string_view key) {
    Value* value = members.if_contains(key);
    if (value == nullptr || value->is_null()) return std::optional<Attributes>();
    boost::json::object* items = value->if_object();
    if (items == nullptr) return wrong(fmt::format("\"{}\" has to be a mapping or null", key));
    Attributes attributes;
    for (auto& item : *items) {
      keys_.emplace(item.key());
      if (keys_.size() > max_distinct_keys) return wrong("more than 256 different attribute names");
      attributes.add(Key(item.key()), std::move(item.value()));
    }
    return std::optional<Attributes>(std::move(attributes));
  }

  Result<void> unique(std::string name) {
    if (!seen_.insert(name).second) return wrong(name + " stands twice");
    return {};
  }

  Result<void> collection(boost::json::object& members) {
    Collection entity;
    auto name = word(members, "collection");
    if (!name) return name.error();
    entity.name = std::move(*name);
    auto meta = part(members, "meta");
    if (!meta) return meta.error();
    auto schema = part(members, "schema");
    if (!schema) return schema.error();
    entity.meta = std::move(*meta);
    entity.schema = std::move(*schema);
    if (auto once = unique("collection " + entity.name); !once) return once;
    snapshot_.collections.push_back(std::move(entity));
    return {};
  }

  Result<void> field(boost::json::object& members) {
    Field entity;
    auto collection = word(members, "collection");
    if (!collection) return collection.error();
    auto name = word(members, "field");
    if (!name) return name.error();
    auto type = word(members, "type", false);
    if (!type) return type.error();
    entity.collection = std::move(*collection);
    entity.name = std::move(*name);
    entity.type = std::move(*type);
    auto meta = part(members, "meta");
    if (!meta) return meta.error();
    auto schema = part(members, "schema");
    if (!schema) return schema.error();
    entity.meta = std::move(*meta);
    entity.schema = std::move(*schema);
    if (auto once = unique("field " + entity.collection + "." + entity.name); !once) return once;
    snapshot_.fields.push_back(std::move(entity));
    return {};
  }

  Result<void> relation(boost::json::object& members) {
    Relation entity;
    auto collection = word(members, "collection");
    if (!collection) return collection.error();
    auto name = word(members, "field");
    if (!name) return name.error();
    auto related = word(members, "related_collection", false);
    if (!related) return related.error();
    entity.collection = std::move(*collection);
    entity.field = std::move(*name);
    entity.related = std::move(*related);
    auto meta = part(members, "meta");
    if (!meta) return meta.error();
    auto schema = part(members, "schema");
    if (!schema) return schema.error();
    entity.meta = std::move(*meta);
    entity.schema = std::move(*schema);
    if (auto once = unique("relation " + entity.collection + "." + entity.field); !once)
      return once;
    snapshot_.relations.push_back(std::move(entity));
    return {};
  }

  const YamlEvents& events_;
  Snapshot& snapshot_;
  int line_ = 0;
  std::set<std::string, std::less<>> keys_;
  std::set<std::string> seen_;
};

/// Reads the list that begins at the next event, an entry at a time.
Result<void> read_list(YamlEvents& events, std::string_view list, Entries& entries) {
  if (auto moved = events.next(); !moved) return moved;
  if (events.type() == YAML_SCALAR_EVENT && events.scalar().empty()) return {};
  if (events.type() != YAML_SEQUENCE_START_EVENT) {
    return events.error(events.line(), fmt::format("\"{}\" has to be a list", list),
                        "write the file again with `directus schema snapshot`");
  }
  for (;;) {
    if (auto moved = events.next(); !moved) return moved;
    if (events.type() == YAML_SEQUENCE_END_EVENT) return {};
    const int line = events.line();
    auto entry = events.node();
    if (!entry) return entry.error();
    if (auto added = entries.add(list, std::move(*entry), line); !added) return added;
  }
}

Result<void> read_header(YamlEvents& events, const std::string& key, int line, Snapshot& snapshot) {
  if (auto moved = events.next(); !moved) return moved;
  auto value = events.node();
  if (!value) return value.error();
  if (key == "directus") snapshot.directus = text_of(&*value);
  if (key == "vendor") snapshot.vendor = text_of(&*value);
  if (key == "version" && !(value->is_int64() && value->get_int64() == 1)) {
    return events.error(
        line, "only snapshot version 1 is understood",
        "write the file with `directus schema snapshot` (version 2 is a partial export)");
  }
  return {};
}

Result<void> read_top(YamlEvents& events, Snapshot& snapshot) {
  Entries entries(events, snapshot);
  std::set<std::string, std::less<>> seen;
  for (;;) {
    if (auto moved = events.next(); !moved) return moved;
    if (events.type() == YAML_MAPPING_END_EVENT) break;
    const int line = events.line();
    if (events.type() != YAML_SCALAR_EVENT)
      return events.error(line, "a key has to be a word", "check the indentation");
    const std::string key(events.scalar());
    if (!seen.insert(key).second) {
      return events.error(line, "the key \"" + key + "\" stands twice", "keep one of the two");
    }
    Result<void> read;
    if (key == "collections" || key == "fields" || key == "relations") {
      read = read_list(events, key, entries);
    } else if (key == "version" || key == "directus" || key == "vendor" || key == "systemFields") {
      read = read_header(events, key, line, snapshot);
    } else {
      return events.error(line, "unknown key \"" + key + "\"",
                          "a Directus snapshot has version, directus, vendor, collections, fields, "
                          "systemFields, relations");
    }
    if (!read) return read;
  }
  for (const std::string_view required : {"version", "collections", "fields", "relations"}) {
    if (!seen.contains(required)) {
      return events.error(
          1, fmt::format("\"{}\" is missing", required),
          "this does not look like a Directus snapshot: write it with `directus schema snapshot`");
    }
  }
  return {};
}

}  // namespace

Result<Snapshot> read_yaml(std::string_view text, std::string_view file) {
  YamlEvents events(text, file);
  Snapshot snapshot;
  for (const yaml_event_type_t expected :
       {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_MAPPING_START_EVENT}) {
    if (auto moved = events.next(); !moved) return moved.error();
    if (events.type() != expected) {
      return events.error(events.line(), "this is not a Directus snapshot",
                          "write the file with `directus schema snapshot`");
    }
  }
  if (auto read = read_top(events, snapshot); !read) return read.error();
  // What comes after the mapping has to be the end: a second document would be desired state nobody
  // applies.
  for (const yaml_event_type_t expected : {YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT}) {
    if (auto moved = events.next(); !moved) return moved.error();
    if (events.type() != expected) {
      return events.error(events.line(), "a second document follows the snapshot",
                          "keep one document in the file");
    }
  }
  return snapshot;
}

}  // namespace reconcile::snapshot
