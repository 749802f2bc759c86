#include "reconcilers/snapshot/snapshot_builder.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::snapshot {
namespace {

constexpr std::size_t max_distinct_attributes = 256;

constexpr std::array<List, 4> lists{{{"collections", "collection", false, ""},
                                     {"fields", "field", true, "type"},
                                     {"systemFields", "system field", true, ""},
                                     {"relations", "relation", true, "related_collection"}}};

Error wrong(const Place& place, std::string what) {
  return {.where = place.text(),
          .what = std::move(what),
          .why = "",
          .next = "write the file again with `reconcile snapshot`, never by hand"};
}

Result<void> only_known_keys(const List& list, const boost::json::object& members,
                             const Place& place) {
  for (const auto& member : members) {
    const std::string_view key = member.key();
    const bool known = key == "collection" || key == "meta" || key == "schema" ||
                       (list.has_field && key == "field") ||
                       (!list.word.empty() && key == list.word);
    if (!known)
      return wrong(place, fmt::format("unknown key \"{}\" in an entry of {}", key, list.name));
  }
  return {};
}

Result<std::string> word(const boost::json::object& members, std::string_view key, bool required,
                         const Place& place) {
  const Value* value = members.if_contains(key);
  if (!required && (value == nullptr || value->is_null())) return std::string();
  const std::string_view text = text_of(value);
  if (text.empty()) return wrong(place, fmt::format("\"{}\" has to be a name", key));
  if (text.find('\0') != std::string_view::npos)
    return wrong(place, fmt::format("\"{}\" holds a NUL byte", key));
  return std::string(text);
}

}  // namespace

std::string Place::text() const {
  if (line > 0) return fmt::format("{}:{}", file, line);
  if (list.empty()) return std::string(file);
  return fmt::format("{}: {}[{}]", file, list, entry);
}

const List* SnapshotBuilder::list_of(std::string_view key) {
  const auto* const found = std::ranges::find(lists, key, &List::name);
  return found == lists.end() ? nullptr : found;
}

Error SnapshotBuilder::not_a_list(const List& list, const Place& place) {
  return wrong(place, fmt::format("\"{}\" has to be a list", list.name));
}

Result<void> SnapshotBuilder::key(std::string_view name, const Place& place) {
  if (!keys_.emplace(name).second)
    return wrong(place, fmt::format("the key \"{}\" stands twice", name));
  const List* list = list_of(name);
  if (list == nullptr && name != "version" && name != "directus" && name != "vendor") {
    Error error = wrong(place, fmt::format("unknown key \"{}\"", name));
    error.next =
        "a Directus snapshot has version, directus, vendor, collections, fields, systemFields, "
        "relations";
    return error;
  }
  // An empty list is a statement; a list that is not there is none.
  if (list != nullptr && list->name == "systemFields") snapshot_.system_fields.emplace();
  return {};
}

Result<void> SnapshotBuilder::header(std::string_view key, const Value& value, const Place& place) {
  if (key == "directus") snapshot_.directus = text_of(&value);
  if (key == "vendor") snapshot_.vendor = text_of(&value);
  if (key == "version" && !(value.is_int64() && value.get_int64() == 1)) {
    Error error = wrong(place, "only snapshot version 1 is understood");
    error.next = "write the file with `directus schema snapshot` (version 2 is a partial export)";
    return error;
  }
  return {};
}

Result<void> SnapshotBuilder::entry(const List& list, Value value, const Place& place) {
  boost::json::object* members = value.if_object();
  if (members == nullptr)
    return wrong(place, fmt::format("an entry of {} has to be a mapping", list.name));
  if (auto known = only_known_keys(list, *members, place); !known) return known;
  auto entry = read(list, *members, place);
  if (!entry) return entry.error();
  const std::string name = entry->collection + (list.has_field ? "." + entry->field : "");
  if (!entities_.insert(fmt::format("{} {}", list.entity, name)).second)
    return wrong(place, fmt::format("{} {} stands twice", list.entity, name));
  keep(list, std::move(*entry));
  return {};
}

Result<SnapshotBuilder::Entry> SnapshotBuilder::read(const List& list, boost::json::object& members,
                                                     const Place& place) {
  auto collection = word(members, "collection", true, place);
  if (!collection) return collection.error();
  auto field = word(members, "field", list.has_field, place);
  if (!field) return field.error();
  auto further = word(members, list.word, false, place);
  if (!further) return further.error();
  auto meta = part(members, "meta", place);
  if (!meta) return meta.error();
  auto schema = part(members, "schema", place);
  if (!schema) return schema.error();
  return Entry{std::move(*collection), std::move(*field), std::move(*further), std::move(*meta),
               std::move(*schema)};
}

Result<std::optional<Attributes>> SnapshotBuilder::part(boost::json::object& members,
                                                        std::string_view key, const Place& place) {
  Value* value = members.if_contains(key);
  if (value == nullptr || value->is_null()) return std::optional<Attributes>();
  boost::json::object* items = value->if_object();
  if (items == nullptr) return wrong(place, fmt::format("\"{}\" has to be a mapping or null", key));
  Attributes attributes;
  attributes.reserve(items->size());
  for (auto& item : *items) {
    const Key name(item.key());
    attributes_.insert(name.name().data());
    if (attributes_.size() > max_distinct_attributes)
      return wrong(place, "more than 256 different attribute names");
    attributes.add(name, std::move(item.value()));
  }
  return std::optional<Attributes>(std::move(attributes));
}

void SnapshotBuilder::keep(const List& list, Entry entry) {
  if (list.entity == "collection") {
    snapshot_.collections.push_back(
        {std::move(entry.collection), std::move(entry.meta), std::move(entry.schema)});
  } else if (list.entity == "field") {
    snapshot_.fields.push_back({std::move(entry.collection), std::move(entry.field),
                                std::move(entry.word), std::move(entry.meta),
                                std::move(entry.schema)});
  } else if (list.entity == "system field") {
    snapshot_.system_fields->push_back(
        {std::move(entry.collection), std::move(entry.field), std::move(entry.schema)});
  } else {
    snapshot_.relations.push_back({std::move(entry.collection), std::move(entry.field),
                                   std::move(entry.word), std::move(entry.meta),
                                   std::move(entry.schema)});
  }
}

Result<Snapshot> SnapshotBuilder::finish(std::string_view file) {
  for (const std::string_view required : {"version", "collections", "fields", "relations"}) {
    if (keys_.contains(required)) continue;
    Error error = wrong({.file = file, .line = 1}, fmt::format("\"{}\" is missing", required));
    error.next = "this does not look like a Directus snapshot: write it with `reconcile snapshot`";
    return error;
  }
  return std::move(snapshot_);
}

}  // namespace reconcile::snapshot
