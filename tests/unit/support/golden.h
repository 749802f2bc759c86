#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/support/files.h"

namespace reconcile::test {

/// Compares with tests/unit/golden/`name`. RECONCILE_ACCEPT=1 writes the file instead, and marks
/// the test as skipped, so that nobody takes that for a pass.
inline void expect_golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path file =
      std::filesystem::path(RECONCILE_SOURCE_DIR) / "tests/unit/golden" / name;
  if (const char* accept = std::getenv("RECONCILE_ACCEPT");
      accept != nullptr && std::string(accept) == "1") {
    std::ofstream(file) << actual;
    GTEST_SKIP() << "written: " << file.string();
  }
  EXPECT_EQ(actual, contents(file)) << "RECONCILE_ACCEPT=1 accepts it into " << file.string();
}

}  // namespace reconcile::test
