#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/support/history_walk.h"
#include "tests/support/random_seed.h"

// Random walks through a history. A walk that breaks a law prints itself; RECONCILE_SEED repeats
// it, RECONCILE_WALKS and RECONCILE_STEPS make more of them; RECONCILE_TELL=1 prints each.

namespace reconcile::test {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

class Histories : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Histories, KeepTheLaws) {
  const std::uint64_t seed = reconcile::testing::random_seed() + GetParam();
  Walk walk(seed);
  EXPECT_EQ(walk.run(setting("RECONCILE_STEPS", 15)), "")
      << "RECONCILE_SEED=" << seed << " RECONCILE_WALKS=1 repeats it";
  if (setting("RECONCILE_TELL", 0) != 0) std::cout << walk.story() << "\n";
}

INSTANTIATE_TEST_SUITE_P(Walks, Histories,
                         ::testing::Range(std::uint64_t{0}, setting("RECONCILE_WALKS", 10)));

}  // namespace
}  // namespace reconcile::test
