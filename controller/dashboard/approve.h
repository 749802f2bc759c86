#pragma once

#include <string>

#include "controller/dashboard/target.h"
#include "reconcilers/core/outcome.h"

namespace reconcile::dashboard {

struct ApproveView {
  const TargetStatus& status;
  const PassReport& report;  ///< a dry run of now: its rows have just been counted
  std::string problem =
      {};                   ///< why the form that was sent has not been taken; empty the first time
  std::string reason = {};  ///< as it was sent
};

/// GET /targets/{target}/approve, and the answer to a POST that is not taken: what would be lost,
/// and the form that allows it. It sends plan, reason and confirm, which has to be the target's
/// name.
std::string approve_page(const ApproveView& view, const Viewer& viewer);

/// What a POST's `confirm` has to be, and what to say where it is not; empty where it is.
std::string refused_confirmation(const std::string& target, const std::string& confirm);

}  // namespace reconcile::dashboard
