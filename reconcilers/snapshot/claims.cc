#include "reconcilers/snapshot/claims.h"

#include <unordered_set>

namespace reconcile::snapshot {

std::vector<std::string> claims(const Snapshot& base, const Snapshot& desired,
                                std::span<const Drift> drift) {
  std::unordered_set<std::string> known;
  for (const auto& entity : base.collections) known.insert(name_of(entity));
  for (const auto& entity : base.fields) known.insert(name_of(entity));
  for (const Drift& entry : drift) known.insert(entry.object.name);
  std::vector<std::string> result;
  const auto claim = [&](std::string name) {
    if (!known.contains(name)) result.push_back(std::move(name));
  };
  for (const auto& entity : desired.collections) claim(name_of(entity));
  for (const auto& entity : desired.fields) claim(name_of(entity));
  return result;
}

}  // namespace reconcile::snapshot
