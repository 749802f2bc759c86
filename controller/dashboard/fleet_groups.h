#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

using Targets = std::vector<const TargetStatus*>;

/// Worst headline first, equal ones by name.
Targets worst_first(const std::vector<TargetStatus>& targets);

/// Those that a query asks for. Its words all have to fit: `state:drifted`, `env:prod`,
/// `fleet:tenants`, `schema:9f2c` (the fingerprint's beginning), anything else is a part of the
/// name. Capitals make no difference.
Targets matching(const Targets& targets, std::string_view query);

/// How many targets have which headline.
using Tally = std::array<std::size_t, headlines>;
Tally tally(const Targets& targets);

/// Whether a person has to do something about it.
bool waits(Headline headline);

/// Targets with one and the same thing to decide, in the order given.
struct Waiting {
  Standing standing;
  Targets targets;
};
std::vector<Waiting> waiting(const Targets& targets);

/// Targets whose schemas are equal.
struct Shape {
  std::string letter;  ///< "A" is the one that most have; "AA" after "Z"
  std::string fingerprint;
  Targets targets;
  std::vector<std::string> commits;  ///< that these databases are at, the most frequent first
};
/// The largest first, equally large ones by fingerprint. Who has no fingerprint yet is in none.
std::vector<Shape> shapes(const Targets& targets);

}  // namespace reconcile::dashboard
