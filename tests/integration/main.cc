#include <gtest/gtest.h>

#include <cstdio>

#include "tests/support/random_seed.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!testing::GTEST_FLAG(list_tests))
    std::printf("seed %ju (RECONCILE_SEED=%ju runs the same again)\n",
                std::uintmax_t{reconcile::testing::random_seed()},
                std::uintmax_t{reconcile::testing::random_seed()});
  return RUN_ALL_TESTS();
}
