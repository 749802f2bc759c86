#pragma once

#include <span>
#include <string>
#include <vector>

#include "reconcilers/ports/leadership.h"

namespace reconcile::loop {

/// What a replica should do about the leases of targets that share a database.
struct Moves {
  std::vector<std::string> take;
  std::vector<std::string> give_up;
};

/// Each replica leads as many as its even share, and gives up what is beyond: the last by name, so
/// that the fewest change hands. A target that nobody leads is taken by whoever has room.
Moves balance(std::span<const std::string> targets, const Leaders& leaders);

}  // namespace reconcile::loop
