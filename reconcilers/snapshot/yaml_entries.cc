#include "reconcilers/snapshot/yaml_entries.h"

#include <algorithm>

namespace reconcile::snapshot {
namespace {

/// The scalar behind `key` in the first lines of an entry, without quotes.
std::string scalar(const std::vector<std::string_view>& lines, std::string_view key) {
  constexpr std::size_t first_lines = 3;  // "  - collection: x", "    field: y"
  constexpr std::size_t indentation = 4;
  for (std::size_t i = 0; i < std::min(first_lines, lines.size()); ++i) {
    if (lines[i].size() < indentation) continue;
    std::string_view line = lines[i].substr(indentation);
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(": ")) continue;
    line.remove_prefix(key.size() + 2);
    if (line.size() < 2 || line.front() != '\'' || line.back() != '\'') return std::string(line);
    std::string text;
    for (std::size_t at = 1; at + 1 < line.size(); ++at) {
      text += line[at];
      if (line[at] == '\'') ++at;  // a quote is written twice
    }
    return text;
  }
  return {};
}

}  // namespace

const EntityList* list_begun_by(std::string_view line) {
  const auto* found =
      std::ranges::find(entity_lists, line.substr(0, line.find(':')), &EntityList::key);
  return found == entity_lists.end() ? nullptr : found;
}

std::string entry_name(const EntityList& list, const std::vector<std::string_view>& lines) {
  const std::string field = scalar(lines, "field");
  std::string name = std::string(list.entity) + " " + scalar(lines, "collection");
  if (!field.empty()) name += "." + field;
  return name;
}

std::string entry_group(const EntityList& list, const std::vector<std::string_view>& lines) {
  std::string group(list.key);
  if (!scalar(lines, "field").empty()) group += " of " + scalar(lines, "collection");
  return group;
}

}  // namespace reconcile::snapshot
