#include <gmock/gmock.h>

#include <stdexcept>

#include "controller/cli/wiring.h"

namespace reconcile::cli {
namespace {

TEST(CliWiring, AFaultEndsItsPassOnly) {
  const PassReport broken = without_faults(
      "trm", []() -> PassReport { throw std::runtime_error("this was not thought of"); });
  EXPECT_EQ(broken.target, "trm");
  const auto* failed = std::get_if<Failed>(&broken.outcome);
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(describe(failed->error), "trm: the pass broke off: this was not thought of");
}

TEST(CliWiring, WhatAPassReportsIsPassedOn) {
  const PassReport report = without_faults("trm", [] {
    PassReport made;
    made.notes = {"fine"};
    return made;
  });
  EXPECT_THAT(report.notes, testing::ElementsAre("fine"));
}

}  // namespace
}  // namespace reconcile::cli
