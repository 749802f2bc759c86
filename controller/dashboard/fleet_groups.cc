#include "controller/dashboard/fleet_groups.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

namespace reconcile::dashboard {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool fits(const TargetStatus& target, std::string_view word) {
  const auto asks = [&](std::string_view key) {
    if (!word.starts_with(key)) return false;
    word.remove_prefix(key.size());
    return true;
  };
  if (asks("state:")) return key_of(target.standing.headline) == word;
  if (asks("env:")) return lower(target.environment) == word;
  if (asks("fleet:")) return lower(target.fleet) == word;
  if (asks("schema:")) return target.fingerprint.starts_with(word);
  return lower(target.target).find(word) != std::string::npos;
}

std::string letter(std::size_t number) {
  std::string text;
  for (++number; number > 0; number = (number - 1) / 26)
    text.insert(text.begin(), static_cast<char>('A' + (number - 1) % 26));
  return text;
}

std::vector<std::string> most_frequent(const Targets& targets) {
  std::map<std::string, std::size_t> times;
  for (const TargetStatus* target : targets) ++times[target->database];
  std::vector<std::string> commits;
  for (const auto& [commit, count] : times) commits.push_back(commit);
  std::ranges::stable_sort(commits, std::ranges::greater(),
                           [&](const std::string& commit) { return times.at(commit); });
  return commits;
}

}  // namespace

Targets worst_first(const std::vector<TargetStatus>& targets) {
  Targets sorted;
  for (const TargetStatus& target : targets) sorted.push_back(&target);
  std::ranges::stable_sort(sorted, {}, [](const TargetStatus* target) {
    return std::tuple(target->standing.headline, std::string_view(target->target));
  });
  return sorted;
}

Targets matching(const Targets& targets, std::string_view query) {
  std::vector<std::string> words;
  std::istringstream in(lower(query));
  for (std::string word; in >> word;) words.push_back(word);
  Targets found;
  for (const TargetStatus* target : targets) {
    if (std::ranges::all_of(words, [&](const std::string& word) { return fits(*target, word); }))
      found.push_back(target);
  }
  return found;
}

Tally tally(const Targets& targets) {
  Tally counts{};
  for (const TargetStatus* target : targets)
    ++counts.at(static_cast<std::size_t>(target->standing.headline));
  return counts;
}

bool waits(Headline headline) { return headline <= Headline::Drifted; }

std::vector<Waiting> waiting(const Targets& targets) {
  std::vector<Waiting> groups;
  // Found by what they have in common: a broken server makes a thousand of one.
  std::map<std::tuple<Headline, std::string, std::string>, std::size_t> known;
  for (const TargetStatus* target : targets) {
    const Standing& standing = target->standing;
    if (!waits(standing.headline)) continue;
    const auto [at, added] =
        known.try_emplace({standing.headline, standing.reason, standing.cause}, groups.size());
    if (added) groups.push_back({standing, {}});
    groups[at->second].targets.push_back(target);
  }
  return groups;
}

std::vector<Shape> shapes(const Targets& targets) {
  std::map<std::string, Targets> by_fingerprint;
  for (const TargetStatus* target : targets) {
    if (!target->fingerprint.empty()) by_fingerprint[target->fingerprint].push_back(target);
  }
  std::vector<Shape> found;
  for (auto& [fingerprint, members] : by_fingerprint)
    found.push_back({"", fingerprint, std::move(members), {}});
  std::ranges::stable_sort(found, std::ranges::greater(),
                           [](const Shape& shape) { return shape.targets.size(); });
  for (std::size_t i = 0; i < found.size(); ++i) {
    found[i].letter = letter(i);
    found[i].commits = most_frequent(found[i].targets);
  }
  return found;
}

}  // namespace reconcile::dashboard
