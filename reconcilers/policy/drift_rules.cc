#include "reconcilers/policy/drift_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/core/pattern.h"

namespace reconcile::policy {

bool is_ignored(const ObjectIdentity& object, std::span<const std::string> patterns) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    const bool any_kind = pattern.find(' ') == std::string::npos;
    return matches(pattern, any_kind ? object.name : object.text(), Wildcards::StarAndQuestion);
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
