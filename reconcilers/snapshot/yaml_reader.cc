#include "reconcilers/snapshot/yaml_reader.h"

#include <fmt/format.h>

#include "reconcilers/snapshot/snapshot_builder.h"
#include "reconcilers/snapshot/yaml_events.h"

namespace reconcile::snapshot {
namespace {

/// One reading of one file.
class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : events_(text, file), file_(file) {}

  Result<Snapshot> run() {
    for (const yaml_event_type_t expected :
         {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_MAPPING_START_EVENT}) {
      if (auto moved = events_.next(); !moved) return moved.error();
      if (events_.type() != expected) {
        return events_.error(events_.line(), "this is not a Directus snapshot",
                             "write the file with `reconcile snapshot`");
      }
    }
    if (auto read = top(); !read) return read.error();
    // What comes after the mapping has to be the end: a second document would be desired state
    // nobody applies.
    for (const yaml_event_type_t expected : {YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT}) {
      if (auto moved = events_.next(); !moved) return moved.error();
      if (events_.type() != expected) {
        return events_.error(events_.line(), "a second document follows the snapshot",
                             "keep one document in the file");
      }
    }
    return builder_.finish(file_);
  }

 private:
  Result<void> top() {
    for (;;) {
      if (auto moved = events_.next(); !moved) return moved;
      if (events_.type() == YAML_MAPPING_END_EVENT) return {};
      if (events_.type() != YAML_SCALAR_EVENT)
        return events_.error(events_.line(), "a key has to be a word", "check the indentation");
      const std::string key(events_.scalar());
      const Place place = here();
      if (auto known = builder_.key(key, place); !known) return known;
      const List* list = SnapshotBuilder::list_of(key);
      if (auto read = list != nullptr ? entries(*list) : header(key, place); !read) return read;
    }
  }

  /// Reads the list that begins at the next event, an entry at a time.
  Result<void> entries(const List& list) {
    if (auto moved = events_.next(); !moved) return moved;
    if (events_.type() == YAML_SCALAR_EVENT && events_.scalar().empty()) return {};
    if (events_.type() != YAML_SEQUENCE_START_EVENT)
      return SnapshotBuilder::not_a_list(list, here());
    for (;;) {
      if (auto moved = events_.next(); !moved) return moved;
      if (events_.type() == YAML_SEQUENCE_END_EVENT) return {};
      const Place place = here();
      auto entry = events_.node();
      if (!entry) return entry.error();
      if (auto added = builder_.entry(list, std::move(*entry), place); !added) return added;
    }
  }

  Result<void> header(const std::string& key, const Place& place) {
    if (auto moved = events_.next(); !moved) return moved;
    auto value = events_.node();
    if (!value) return value.error();
    return builder_.header(key, *value, place);
  }

  Place here() const { return {.file = file_, .line = events_.line()}; }

  YamlEvents events_;
  std::string_view file_;
  SnapshotBuilder builder_;
};

}  // namespace

Result<Snapshot> read_yaml(std::string_view text, std::string_view file) {
  return Reader(text, file).run();
}

}  // namespace reconcile::snapshot
