#include "reconcilers/snapshot/export_diff.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "reconcilers/snapshot/yaml_entries.h"

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

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The lines of each entry, with the list it stands in; null for the lines above the lists.
std::vector<std::pair<const EntityList*, Lines>> split(std::string_view text) {
  std::vector<std::pair<const EntityList*, Lines>> parts{{nullptr, {}}};
  const EntityList* list = nullptr;
  for (const std::string_view line : lines_of(text)) {
    if (!line.empty() && line.front() != ' ') {
      list = list_begun_by(line);
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
    Entry entry{.name = list == nullptr ? "header" : entry_name(*list, lines),
                .group = list == nullptr ? "header" : entry_group(*list, lines),
                .lines = std::move(lines)};
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
