#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace reconcile::testing {

/// The seed of every random choice in a test run: RECONCILE_SEED when it is set, so that a failure
/// can be had again.
inline std::uint64_t random_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("RECONCILE_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::uint64_t{std::random_device()()};
  }();
  return seed;
}

}  // namespace reconcile::testing
