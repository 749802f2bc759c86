#include "reconcilers/snapshot/export_diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace reconcile::snapshot {
namespace {

using Lines = std::vector<std::string_view>;
using Kind = ExportDifference::Kind;

/// One entry of a list; the lines above the lists are one too.
struct Entry {
  std::string name;   ///< "field clubs.name"
  std::string group;  ///< "fields of clubs"
  Lines lines;
};

struct List {
  std::string_view key;
  std::string_view entity;
};
constexpr std::array<List, 4> lists{{{"collections", "collection"},
                                     {"fields", "field"},
                                     {"systemFields", "system field"},
                                     {"relations", "relation"}}};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The scalar behind `key` in the first lines of an entry, without quotes.
std::string_view scalar(const Lines& lines, std::string_view key) {
  constexpr std::size_t first_lines = 3;  // "  - collection: x", "    field: y"
  constexpr std::size_t indentation = 4;
  for (std::size_t i = 0; i < std::min(first_lines, lines.size()); ++i) {
    if (lines[i].size() < indentation) continue;
    std::string_view line = lines[i].substr(indentation);
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(": ")) continue;
    line.remove_prefix(key.size() + 2);
    if (line.size() >= 2 && line.front() == '\'' && line.back() == '\'')
      line = line.substr(1, line.size() - 2);
    return line;
  }
  return {};
}

void name(Entry& entry, const List& list) {
  const std::string collection(scalar(entry.lines, "collection"));
  const std::string_view field = scalar(entry.lines, "field");
  entry.name = std::string(list.entity) + " " + collection;
  if (!field.empty()) entry.name += "." + std::string(field);
  entry.group = std::string(list.key);
  if (!field.empty()) entry.group += " of " + collection;
}

/// The lines of each entry, with the list it stands in; null for the lines above the lists.
std::vector<std::pair<const List*, Lines>> split(std::string_view text) {
  std::vector<std::pair<const List*, Lines>> parts{{nullptr, {}}};
  const List* list = nullptr;
  for (const std::string_view line : lines_of(text)) {
    if (!line.empty() && line.front() != ' ') {
      const auto found = std::ranges::find(lists, line.substr(0, line.find(':')), &List::key);
      list = found == lists.end() ? nullptr : &*found;
      if (list == nullptr) parts.front().second.push_back(line);
    } else if (list != nullptr && line.starts_with("  - ")) {
      parts.push_back({list, {line}});
    } else {
      parts.back().second.push_back(line);
    }
  }
  return parts;
}

std::vector<Entry> entries_of(std::string_view text) {
  std::vector<Entry> entries;
  std::unordered_map<std::string, int> seen;
  for (auto& [list, lines] : split(text)) {
    Entry entry{.name = "header", .group = "header", .lines = std::move(lines)};
    if (list != nullptr) name(entry, *list);
    // Directus lists some things twice.
    const int count = ++seen[entry.name];
    if (count > 1) entry.name += " (" + std::to_string(count) + ")";
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string marked(char mark, std::string_view line) {
  constexpr std::string_view indentation = "    ";
  std::string text(1, mark);
  text += ' ';
  text += line.starts_with(indentation) ? line.substr(indentation.size()) : line;
  return text;
}

/// Lengths of the longest common subsequences of all tails.
std::vector<std::vector<int>> common_tails(const Lines& left, const Lines& right) {
  std::vector<std::vector<int>> table(left.size() + 1, std::vector<int>(right.size() + 1));
  for (std::size_t i = left.size(); i-- > 0;) {
    for (std::size_t j = right.size(); j-- > 0;) {
      table[i][j] = left[i] == right[j] ? table[i + 1][j + 1] + 1
                                        : std::max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

std::vector<std::string> changed_lines(Lines left, Lines right) {
  while (!left.empty() && !right.empty() && left.back() == right.back()) {
    left.pop_back();
    right.pop_back();
  }
  std::size_t same = 0;
  while (same < left.size() && same < right.size() && left[same] == right[same]) ++same;
  left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(same));
  right.erase(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(same));
  // Beyond that, everything between the first and the last difference is one.
  constexpr std::size_t largest_table = 4'000'000;
  const bool small = (left.size() + 1) * (right.size() + 1) <= largest_table;
  const auto tails = small ? common_tails(left, right) : std::vector<std::vector<int>>();
  std::vector<std::string> lines;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() || j < right.size()) {
    if (small && i < left.size() && j < right.size() && left[i] == right[j]) {
      ++i;
      ++j;
    } else if (j == right.size() ||
               (i < left.size() && (!small || tails[i + 1][j] >= tails[i][j + 1]))) {
      lines.push_back(marked('-', left[i++]));
    } else {
      lines.push_back(marked('+', right[j++]));
    }
  }
  return lines;
}

using ByName = std::unordered_map<std::string_view, const Entry*>;

ByName by_name(const std::vector<Entry>& entries) {
  ByName index;
  for (const Entry& entry : entries) index.emplace(entry.name, &entry);
  return index;
}

using Groups = std::map<std::string_view, std::vector<std::string_view>>;

/// The entries that both sides have, group by group, in one side's order.
Groups common_groups(const std::vector<Entry>& entries, const ByName& other) {
  Groups groups;
  for (const Entry& entry : entries) {
    if (other.contains(entry.name)) groups[entry.group].push_back(entry.name);
  }
  return groups;
}

void report_order(const std::vector<Entry>& left, const std::vector<Entry>& right,
                  const ByName& in_left, const ByName& in_right,
                  std::vector<ExportDifference>& found) {
  const Groups before = common_groups(left, in_right);
  const Groups after = common_groups(right, in_left);
  for (const auto& [group, names] : before) {
    if (after.at(group) != names) found.push_back({Kind::Order, std::string(group), {}});
  }
}

}  // namespace

std::vector<ExportDifference> export_differences(std::string_view file, std::string_view database) {
  std::vector<ExportDifference> found;
  if (file == database) return found;
  const std::vector<Entry> left = entries_of(file);
  const std::vector<Entry> right = entries_of(database);
  const ByName in_left = by_name(left);
  const ByName in_right = by_name(right);
  for (const Entry& entry : left) {
    const auto other = in_right.find(entry.name);
    if (other == in_right.end()) {
      found.push_back({Kind::OnlyInFile, entry.name, {}});
    } else if (entry.lines != other->second->lines) {
      found.push_back(
          {Kind::Changed, entry.name, changed_lines(entry.lines, other->second->lines)});
    }
  }
  for (const Entry& entry : right) {
    if (!in_left.contains(entry.name)) found.push_back({Kind::OnlyInDatabase, entry.name, {}});
  }
  report_order(left, right, in_left, in_right, found);
  if (found.empty()) found.push_back({Kind::Writing, "file", {}});
  return found;
}

}  // namespace reconcile::snapshot
