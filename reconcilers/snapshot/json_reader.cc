#include "reconcilers/snapshot/json_reader.h"

#include <algorithm>
#include <boost/json/stream_parser.hpp>

#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/snapshot_builder.h"

namespace reconcile::snapshot {
namespace {

Error error_at(std::string_view text, std::size_t at, std::string_view file, std::string why) {
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  return {.where = Place{.file = file, .line = static_cast<int>(line)}.text(),
          .what = "this is not JSON",
          .why = std::move(why),
          .next = "write the file again with `directus schema snapshot --format json`"};
}

/// Our parser reads what JavaScript reads, and Boost's knows where text stops being JSON.
Error not_json(std::string_view text, std::string_view file) {
  boost::json::stream_parser parser;
  boost::system::error_code failed;
  const std::size_t read = parser.write_some(text.data(), text.size(), failed);
  if (!failed && read < text.size()) return error_at(text, read, file, "more follows its end");
  if (!failed) parser.finish(failed);
  return error_at(text, read, file, failed ? failed.message() : std::string());
}

Result<void> entries(SnapshotBuilder& builder, const List& list, Value& value, Place place) {
  boost::json::array* items = value.if_array();
  if (items == nullptr) return SnapshotBuilder::not_a_list(list, place);
  place.list = list.name;
  for (Value& item : *items) {
    if (auto added = builder.entry(list, std::move(item), place); !added) return added;
    ++place.entry;
  }
  return {};
}

}  // namespace

Result<Snapshot> read_json(std::string_view text, std::string_view file) {
  auto whole = parse_js_json(text);
  if (!whole) return not_json(text, file);
  const Place place{.file = file};
  boost::json::object* members = whole->if_object();
  if (members == nullptr) return error_at(text, 0, file, "a snapshot is an object");
  SnapshotBuilder builder;
  for (auto& member : *members) {
    const std::string_view key = member.key();
    if (auto known = builder.key(key, place); !known) return known.error();
    const List* list = SnapshotBuilder::list_of(key);
    auto read = list != nullptr ? entries(builder, *list, member.value(), place)
                                : builder.header(key, member.value(), place);
    if (!read) return read.error();
  }
  return builder.finish(file);
}

}  // namespace reconcile::snapshot
