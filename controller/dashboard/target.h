#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/dashboard/html.h"
#include "controller/dashboard/viewer.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

/// What the pages of one target have in common.
struct TargetView {
  const TargetStatus& status;
  std::vector<Revision> commits =
      {};                    ///< the branch's newest, newest first; timeline_commits of them
  std::string message = {};  ///< what the form sent last has come to; empty where none was
};

enum class Tab { Plan, Diagram, Drift, History, Blame, Quarantine };

/// The document of one tab below the target's head: its sentence, what can be done, its timeline.
std::string target_document(Tab tab, const TargetView& view, const Html& content,
                            const Viewer& viewer);

}  // namespace reconcile::dashboard
