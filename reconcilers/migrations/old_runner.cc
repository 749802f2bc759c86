#include "reconcilers/migrations/old_runner.h"

#include <algorithm>
#include <set>

#include "reconcilers/migrations/file_name.h"

namespace reconcile::migrations {
namespace {

std::string without_extension(std::string_view name) {
  if (name.ends_with(".sql")) name.remove_suffix(4);
  return std::string(name);
}

/// Names that are the same but for their number, on either side of the match.
struct Namesakes {
  std::vector<const Migration*> files;
  std::vector<std::string> recorded;
};

}  // namespace

OldRunnerMatch match_old_runner(std::span<const Migration> desired,
                                std::span<const std::string> guard_table) {
  std::map<std::string, std::string> listed;  // without extension → as recorded
  for (const std::string& entry : guard_table) {
    listed.try_emplace(without_extension(base_name(entry)), entry);
  }
  OldRunnerMatch match;
  std::set<std::string> matched;
  std::map<std::string, Namesakes, std::less<>> namesakes;
  for (const Migration& migration : desired) {
    const std::string name = without_extension(migration.name);
    const auto found = listed.find(name);
    if (found == listed.end()) {
      namesakes[std::string(without_number(name))].files.push_back(&migration);
      continue;
    }
    match.applied.emplace(&migration, found->second);
    matched.insert(name);
  }
  for (const auto& [name, entry] : listed) {
    if (!matched.contains(name))
      namesakes[std::string(without_number(name))].recorded.push_back(entry);
  }
  for (const auto& [name, both] : namesakes) {
    if (!name.empty() && both.files.size() == 1 && both.recorded.size() == 1) {
      match.applied.emplace(both.files.front(), both.recorded.front());
    } else {
      match.unmatched.insert(match.unmatched.end(), both.recorded.begin(), both.recorded.end());
    }
  }
  return match;
}

}  // namespace reconcile::migrations
