#include "reconcilers/snapshot/yaml_reader.h"

#include <algorithm>
#include <optional>

#include "reconcilers/snapshot/plain_entry.h"
#include "reconcilers/snapshot/snapshot_builder.h"
#include "reconcilers/snapshot/yaml_events.h"

namespace reconcile::snapshot {
namespace {

/// Reads a file that js-yaml wrote, entry by entry, each the quick way where that is enough. Empty
/// hands for anything out of the ordinary: then the whole file is read the thorough way, which also
/// knows what to say about it.
class QuickReader {
 public:
  QuickReader(std::string_view text, std::string_view file) : rest_(text), file_(file) {}

  std::optional<Snapshot> run() {
    while (!rest_.empty()) {
      if (!top_line(take_line())) return std::nullopt;
    }
    auto snapshot = builder_.finish(file_);
    return snapshot ? std::optional<Snapshot>(std::move(*snapshot)) : std::nullopt;
  }

 private:
  bool top_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.front() == ' ') return false;
    const std::string_view key = line.substr(0, colon);
    const std::string_view rest = line.substr(colon + 1);
    const Place place{.file = file_};
    if (!builder_.key(key, place)) return false;
    const List* list = SnapshotBuilder::list_of(key);
    if (list != nullptr) return rest == " []" || (rest.empty() && entries(*list));
    const auto word = rest.starts_with(' ') ? read_plain_word(rest.substr(1)) : std::nullopt;
    return word && builder_.header(key, *word, place);
  }

  bool entries(const List& list) {
    while (rest_.starts_with("  - ")) {
      const std::string_view text = take_entry();
      auto entry = read_plain_entry(text);
      if (!entry) entry = thorough(text);
      if (!entry || !builder_.entry(list, std::move(*entry), {.file = file_})) return false;
    }
    return true;
  }

  std::optional<Value> thorough(std::string_view text) const {
    YamlEvents events(text, file_);
    for (const yaml_event_type_t expected :
         {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_SEQUENCE_START_EVENT}) {
      if (!events.next() || events.type() != expected) return std::nullopt;
    }
    if (!events.next()) return std::nullopt;
    auto entry = events.node();
    if (!entry) return std::nullopt;
    for (const yaml_event_type_t expected :
         {YAML_SEQUENCE_END_EVENT, YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT}) {
      if (!events.next() || events.type() != expected) return std::nullopt;
    }
    return std::move(*entry);
  }

  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }

  /// Up to the next entry or the next key at the top; empty lines belong to a text within.
  std::string_view take_entry() {
    std::size_t end = 0;
    do {
      end = std::min(rest_.find('\n', end), rest_.size() - 1) + 1;
    } while (end < rest_.size() && (rest_[end] == ' ' || rest_[end] == '\n') &&
             !rest_.substr(end).starts_with("  - "));
    const std::string_view entry = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return entry;
  }

  std::string_view rest_;
  std::string_view file_;
  SnapshotBuilder builder_;
};

/// One thorough reading of one file.
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
  if (auto snapshot = QuickReader(text, file).run()) return std::move(*snapshot);
  return read_yaml_thoroughly(text, file);
}

Result<Snapshot> read_yaml_thoroughly(std::string_view text, std::string_view file) {
  return Reader(text, file).run();
}

}  // namespace reconcile::snapshot
