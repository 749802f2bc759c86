#include "reconcilers/snapshot/splice.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reconcilers/snapshot/yaml_entries.h"

namespace reconcile::snapshot {
namespace {

struct Entry {
  std::string name;
  std::string text;  ///< its lines, newlines and all
};

/// One of the lists with the line it begins with, or lines that are in none.
struct Section {
  const EntityList* list = nullptr;
  std::string head;
  std::vector<Entry> entries;
};

void name_last(Section& section, const std::vector<std::string_view>& lines) {
  if (!section.entries.empty() && !lines.empty())
    section.entries.back().name = entry_name(*section.list, lines);
}

std::vector<Section> sections_of(std::string_view text) {
  std::vector<Section> sections(1);
  std::vector<std::string_view> lines;  // of the last entry
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view whole = text.substr(0, end);
    const std::string_view line = whole.substr(0, whole.find_last_not_of("\r\n") + 1);
    text.remove_prefix(end);
    Section& section = sections.back();
    if (!line.empty() && line.front() != ' ') {
      name_last(section, lines);
      lines.clear();
      sections.push_back({list_begun_by(line), std::string(whole), {}});
    } else if (section.list != nullptr && line.starts_with("  - ")) {
      name_last(section, lines);
      lines = {line};
      section.entries.push_back({"", std::string(whole)});
    } else if (section.entries.empty()) {
      section.head += whole;
    } else {
      lines.push_back(line);
      section.entries.back().text += whole;
    }
  }
  name_last(sections.back(), lines);
  return sections;
}

/// The list with the wanted entries of the other side, where that has them. What is new stands
/// behind what it stands behind there.
template <class Element, class Name>
std::vector<Element> merged(std::vector<Element> file, const std::vector<Element>& database,
                            const std::set<std::string>& entries, Name name) {
  const auto find = [&](auto& list, const std::string& wanted) {
    return std::ranges::find_if(list, [&](const Element& one) { return name(one) == wanted; });
  };
  std::erase_if(file, [&](const Element& one) {
    return entries.contains(name(one)) && find(database, name(one)) == database.end();
  });
  for (std::size_t i = 0; i < database.size(); ++i) {
    const std::string wanted = name(database[i]);
    if (!entries.contains(wanted)) continue;
    if (const auto same = find(file, wanted); same != file.end()) {
      *same = database[i];
      continue;
    }
    auto place = file.begin();
    for (std::size_t before = i; before-- > 0;) {
      const auto found = find(file, name(database[before]));
      if (found == file.end()) continue;
      place = std::next(found);
      break;
    }
    file.insert(place, database[i]);
  }
  return file;
}

const Section* find(const std::vector<Section>& sections, const EntityList& list) {
  const auto found = std::ranges::find(sections, &list, &Section::list);
  return found == sections.end() ? nullptr : &*found;
}

}  // namespace

std::string spliced(std::string_view file, std::string_view database,
                    const std::set<std::string>& entries) {
  std::vector<Section> sections = sections_of(file);
  const std::vector<Section> live = sections_of(database);
  for (const EntityList& list : entity_lists) {
    if (find(sections, list) == nullptr) sections.push_back({&list, "", {}});
  }
  std::string text;
  for (Section& section : sections) {
    if (section.list == nullptr) {
      text += section.head;
      continue;
    }
    const bool was_empty = section.entries.empty();
    const Section* other = find(live, *section.list);
    section.entries =
        merged(std::move(section.entries), other == nullptr ? std::vector<Entry>() : other->entries,
               entries, [](const Entry& entry) { return entry.name; });
    if (was_empty != section.entries.empty())
      section.head = fmt::format("{}:{}\n", section.list->key, was_empty ? "" : " []");
    text += section.head;
    for (const Entry& entry : section.entries) {
      text += entry.text;
      if (!text.ends_with('\n')) text += '\n';
    }
  }
  return text;
}

Snapshot spliced(const Snapshot& file, const Snapshot& database,
                 const std::set<std::string>& entries) {
  const auto named = [](std::string_view kind) {
    return [kind](const auto& entity) { return std::string(kind) + " " + name_of(entity); };
  };
  Snapshot result = file;
  result.collections = merged(file.collections, database.collections, entries, named("collection"));
  result.fields = merged(file.fields, database.fields, entries, named("field"));
  result.relations = merged(file.relations, database.relations, entries, named("relation"));
  return result;
}

std::string entry_text(std::string_view file, std::string_view entry) {
  for (const Section& section : sections_of(file)) {
    for (const Entry& one : section.entries) {
      if (one.name == entry) return one.text;
    }
  }
  return {};
}

}  // namespace reconcile::snapshot
