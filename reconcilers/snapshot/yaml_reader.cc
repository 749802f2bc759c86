#include "reconcilers/snapshot/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <unordered_set>

#include "reconcilers/snapshot/yaml_events.h"

namespace reconcile::snapshot {
namespace {

constexpr std::size_t max_distinct_keys = 256;

/// The lists of a snapshot, with what their entries may hold besides collection, meta and schema.
struct List {
  std::string_view name;    ///< the key at the top of the file
  std::string_view entity;  ///< what one entry is called
  bool has_field;
  std::string_view word;  ///< a further text; empty where there is none
};
constexpr std::array<List, 3> lists{{{"collections", "collection", false, ""},
                                     {"fields", "field", true, "type"},
                                     {"relations", "relation", true, "related_collection"}}};

/// Turns the entries of the three lists into entities, and says where an entry is not what it
/// should be.
class Entries {
 public:
  Entries(const YamlEvents& events, Snapshot& snapshot) : events_(events), snapshot_(snapshot) {}

  Result<void> add(const List& list, Value value, int line) {
    line_ = line;
    boost::json::object* members = value.if_object();
    if (members == nullptr)
      return wrong(fmt::format("an entry of {} has to be a mapping", list.name));
    if (auto known = only_known_keys(list, *members); !known) return known;
    auto entry = read(list, *members);
    if (!entry) return entry.error();
    const std::string name = entry->collection + (list.has_field ? "." + entry->field : "");
    if (!seen_.insert(fmt::format("{} {}", list.entity, name)).second) {
      return wrong(fmt::format("{} {} stands twice", list.entity, name));
    }
    keep(list, std::move(*entry));
    return {};
  }

 private:
  struct Entry {
    std::string collection;
    std::string field;
    std::string word;
    std::optional<Attributes> meta;
    std::optional<Attributes> schema;
  };

  Error wrong(std::string what) const {
    return events_.error(line_, std::move(what),
                         "write the file again with `directus schema snapshot`, never by hand");
  }

  Result<void> only_known_keys(const List& list, const boost::json::object& members) const {
    for (const auto& member : members) {
      const std::string_view key = member.key();
      const bool known = key == "collection" || key == "meta" || key == "schema" ||
                         (list.has_field && key == "field") ||
                         (!list.word.empty() && key == list.word);
      if (!known) return wrong(fmt::format("unknown key \"{}\" in an entry of {}", key, list.name));
    }
    return {};
  }

  Result<Entry> read(const List& list, boost::json::object& members) {
    auto collection = word(members, "collection", true);
    if (!collection) return collection.error();
    auto field = word(members, "field", list.has_field);
    if (!field) return field.error();
    auto further = word(members, list.word, false);
    if (!further) return further.error();
    auto meta = part(members, "meta");
    if (!meta) return meta.error();
    auto schema = part(members, "schema");
    if (!schema) return schema.error();
    return Entry{std::move(*collection), std::move(*field), std::move(*further), std::move(*meta),
                 std::move(*schema)};
  }

  Result<std::string> word(const boost::json::object& members, std::string_view key,
                           bool required) const {
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
    attributes.reserve(items->size());
    for (auto& item : *items) {
      const Key name(item.key());
      keys_.insert(name.name().data());
      if (keys_.size() > max_distinct_keys) return wrong("more than 256 different attribute names");
      attributes.add(name, std::move(item.value()));
    }
    return std::optional<Attributes>(std::move(attributes));
  }

  void keep(const List& list, Entry entry) {
    if (list.entity == "collection") {
      snapshot_.collections.push_back(
          {std::move(entry.collection), std::move(entry.meta), std::move(entry.schema)});
    } else if (list.entity == "field") {
      snapshot_.fields.push_back({std::move(entry.collection), std::move(entry.field),
                                  std::move(entry.word), std::move(entry.meta),
                                  std::move(entry.schema)});
    } else {
      snapshot_.relations.push_back({std::move(entry.collection), std::move(entry.field),
                                     std::move(entry.word), std::move(entry.meta),
                                     std::move(entry.schema)});
    }
  }

  const YamlEvents& events_;
  Snapshot& snapshot_;
  int line_ = 0;
  std::unordered_set<const char*> keys_;  ///< interned names, so the address tells them apart
  std::unordered_set<std::string> seen_;
};

/// Reads the list that begins at the next event, an entry at a time.
Result<void> read_list(YamlEvents& events, const List& list, Entries& entries) {
  if (auto moved = events.next(); !moved) return moved;
  if (events.type() == YAML_SCALAR_EVENT && events.scalar().empty()) return {};
  if (events.type() != YAML_SEQUENCE_START_EVENT) {
    return events.error(events.line(), fmt::format("\"{}\" has to be a list", list.name),
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
    const auto list = std::ranges::find(lists, key, &List::name);
    if (list != lists.end()) {
      read = read_list(events, *list, entries);
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
