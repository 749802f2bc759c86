#include "reconcilers/catalog/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "reconcilers/catalog/adopt.h"
#include "reconcilers/catalog/definition.h"
#include "reconcilers/catalog/heal.h"

namespace reconcile::catalog {
namespace {

constexpr std::size_t longest_side = 160;

/// Nobody's work: what a server has from the start, what Directus makes for itself, and the old
/// runner's table.
bool is_of_the_system(const Difference& entry) {
  return entry.about.starts_with("directus_") || entry.about.starts_with("migrations_applied") ||
         entry.object == ObjectIdentity{"schema", "public"} ||
         entry.object.name.starts_with("on schema public ");
}

bool is_told_by_snapshot(const Difference& entry) {
  const std::string& kind = entry.object.kind;
  return kind == "table" || kind == "column" || kind == "sequence";
}

/// What two texts do not begin and end alike with, whole words of it.
std::pair<std::string, std::string> where_they_differ(std::string_view left,
                                                      std::string_view right) {
  const auto shorter = std::min(left.size(), right.size());
  std::size_t begin = 0;
  while (begin < shorter && left[begin] == right[begin]) ++begin;
  begin = std::min(
      begin, left.rfind(' ', begin) == std::string_view::npos ? 0 : left.rfind(' ', begin) + 1);
  left.remove_prefix(std::min(begin, left.size()));
  right.remove_prefix(std::min(begin, right.size()));
  const auto side = [](std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return std::string("nothing more");
    if (text.size() <= longest_side) return std::string(text);
    std::size_t end = longest_side;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "…";
  };
  return {side(left), side(right)};
}

std::string made_by(const Origin& origin) {
  if (origin.file.empty()) return "";
  return fmt::format(", made by {} of {}", origin.file, origin.commit.substr(0, 10));
}

/// Which differences the snapshot's comparison has told already, in its own words.
class Covered {
 public:
  explicit Covered(std::span<const Drift> snapshot) {
    for (const Drift& entry : snapshot) {
      if (entry.kind == Drift::Kind::Altered) {
        details_[entry.object.name] += entry.detail;
      } else {
        whole_.insert(entry.object.name);
      }
    }
  }

  bool operator()(const Difference& entry) const {
    if (whole_.contains(entry.about) || whole_.contains(std::string(table_of(entry.about))))
      return true;
    const auto found = details_.find(entry.about);
    if (found == details_.end()) return false;
    const std::string& kind = entry.object.kind;
    if (kind == "column" || kind == "table") return true;
    const auto tells = [&](std::string_view key) {
      return found->second.find(key) != std::string::npos;
    };
    if (kind == "index") return tells("is_indexed");
    return kind == "constraint" && (tells("is_unique") || tells("foreign_key") ||
                                    tells("is_primary_key") || tells("on_delete"));
  }

 private:
  std::unordered_set<std::string> whole_;
  std::unordered_map<std::string, std::string> details_;
};

}  // namespace

bool is_metadata(const Difference& entry) {
  return entry.object.kind == "collection" || entry.object.kind == "field" ||
         entry.object.kind == "relation";
}

bool is_beside_snapshot(const Difference& entry) {
  const std::string& kind = entry.object.kind;
  if (kind == "constraint") return entry.owned && entry.owned->find(" CHECK ") != std::string::npos;
  return !is_metadata(entry) && kind != "table" && kind != "column" && kind != "index" &&
         kind != "sequence";
}

Drift described(const Difference& entry) {
  Drift drift{Drift::Kind::Altered, entry.object, ""};
  if (!entry.owned) {
    drift.kind = Drift::Kind::Unmanaged;
    drift.detail = "in the database, in no commit";
  } else if (!entry.live) {
    drift.kind = Drift::Kind::Missing;
    drift.detail = "not in the database" + made_by(entry.origin);
  } else {
    const auto [git, database] = where_they_differ(*entry.owned, *entry.live);
    drift.detail = fmt::format("git: {}; database: {}{}", git, database, made_by(entry.origin));
  }
  drift.heal = heal(entry);
  drift.adopt = adopt(entry);
  return drift;
}

std::vector<Drift> drift(std::span<const Drift> snapshot, std::span<const Difference> inventory,
                         std::span<const std::string> named, std::span<const std::string> claimed) {
  const std::unordered_set<std::string_view> known(named.begin(), named.end());
  const std::unordered_set<std::string_view> adopted(claimed.begin(), claimed.end());
  std::unordered_set<std::string> touched;
  std::set<std::string, std::less<>> unmanaged_tables;
  for (const Difference& entry : inventory) {
    touched.insert(entry.about);
    if (!entry.owned && entry.object.kind == "table") unmanaged_tables.insert(entry.about);
  }
  std::vector<Drift> result;
  for (const Drift& entry : snapshot) {
    if (entry.kind != Drift::Kind::Altered || touched.contains(entry.object.name))
      result.push_back(entry);
  }
  const Covered covered(result);
  for (const Difference& entry : inventory) {
    if (is_metadata(entry) || covered(entry)) continue;
    if (!entry.owned) {
      if (is_of_the_system(entry) || adopted.contains(entry.about) ||
          (known.contains(entry.about) && is_told_by_snapshot(entry)))
        continue;
      const bool part = entry.object.kind != "table" && !entry.about.empty();
      if (part && (unmanaged_tables.contains(entry.about) ||
                   unmanaged_tables.contains(table_of(entry.about))))
        continue;
    }
    result.push_back(described(entry));
  }
  return result;
}

}  // namespace reconcile::catalog
