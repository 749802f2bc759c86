#include "reconcilers/policy/drift_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::policy {

bool matches(std::string_view pattern, std::string_view text) {
  // Where the last * stood, and what it has swallowed so far: the only place to go back to.
  std::size_t star = std::string_view::npos;
  std::size_t swallowed = 0;
  std::size_t at = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      swallowed = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++swallowed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool is_ignored(const ObjectIdentity& object, std::span<const std::string> patterns) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const bool any_kind = pattern.find(' ') == std::string::npos;
    return matches(pattern, any_kind ? object.name : object.text());
  });
}

std::optional<Hold> drift_hold(std::span<const Drift> drift) {
  std::string objects;
  std::size_t count = 0;
  const Drift* first = nullptr;
  for (const Drift& entry : drift) {
    if (entry.kind == Drift::Kind::Unmanaged) continue;
    if (first == nullptr) first = &entry;
    if (++count <= 3) objects += (objects.empty() ? "" : ", ") + entry.object.text();
  }
  if (first == nullptr) return std::nullopt;
  if (count > 3) objects += fmt::format(" and {} more", count - 3);
  return Hold{ReasonCode::DriftDetected, first->object,
              fmt::format("{} {} not what git made, and this target applies nothing over drift: {}",
                          count, count == 1 ? "object is" : "objects are", objects),
              "`reconcile drift` shows them; `reconcile heal` brings back what git made; "
              "`reconcile adopt` commits what the database has"};
}

}  // namespace reconcile::policy
