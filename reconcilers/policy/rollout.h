#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace reconcile::policy {

/// How much of a fleet may have a revision, as a number or as a part of it.
struct WaveSize {
  std::size_t count = 0;    ///< of targets; 0 where `percent` says it
  std::size_t percent = 0;  ///< of the fleet, rounded up

  bool operator==(const WaveSize&) const = default;
};

/// How a revision comes to the targets of a fleet: the canaries first, then as many as each wave
/// allows in all, then the rest. Each wave waits until the one before is where it should be.
struct Rollout {
  std::vector<std::string> canaries;
  std::vector<WaveSize> waves;
  std::size_t failure_budget = 0;  ///< targets that may fail without stopping the rest

  bool in_waves() const { return !canaries.empty() || !waves.empty(); }
};

/// One target of the fleet, seen from the revision that is to come to it.
struct FleetMember {
  std::string name;
  bool there = false;   ///< it has the revision
  bool failed = false;  ///< it was tried there, and failed or is held
};

/// Which of them may get the revision now.
struct Clearance {
  std::set<std::string, std::less<>> cleared;
  std::string
      waits_for;  ///< what the others wait for, and the way out; empty where all are cleared
  std::string way_out;
};

/// Members in any order; waves go by name. One that has failed may be tried again.
Clearance clear(const Rollout& rollout, std::span<const FleetMember> fleet);

}  // namespace reconcile::policy
