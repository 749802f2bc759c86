#include "controller/loop/leases.h"

#include <algorithm>
#include <set>

namespace reconcile::loop {

Moves balance(std::span<const std::string> targets, const Leaders& leaders) {
  const std::size_t replicas = std::max<std::size_t>(leaders.replicas, 1);
  const std::size_t share = (targets.size() + replicas - 1) / replicas;
  Moves moves;
  const std::set<std::string_view> wanted(targets.begin(), targets.end());
  std::vector<std::string> kept;
  for (const auto& [target, fence] : leaders.mine) {
    // What is not a target any more is nobody's to lead.
    (wanted.contains(target) ? kept : moves.give_up).push_back(target);
  }
  while (kept.size() > share) {
    moves.give_up.push_back(kept.back());
    kept.pop_back();
  }
  for (const std::string& target : targets) {
    if (kept.size() + moves.take.size() >= share) break;
    if (!leaders.mine.contains(target) && !leaders.others.contains(target))
      moves.take.push_back(target);
  }
  return moves;
}

}  // namespace reconcile::loop
