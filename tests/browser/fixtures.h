#pragma once

#include <string>
#include <vector>

#include "controller/dashboard/diagram_model.h"
#include "controller/dashboard/viewer.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/quarantine.h"
#include "reconcilers/status/target_status.h"

// What the dashboard's tests show: values as a controller has them.
namespace reconcile::test {

/// 22 November 2026, 14:31:08 UTC: the time of every page.
WallTime page_time();
WallTime ago(std::chrono::seconds age);
std::string commit_of(char digit);

dashboard::Viewer nobody();
dashboard::Viewer operator_mia();

/// Markup, right-to-left writing, line ends, and 63 bytes of it.
std::string hostile(int number);

std::vector<Revision> usual_commits();
PassReport held_report();  ///< of a column that holds data, and much else
PassReport in_sync_report();
PassReport drifted_report();
PassReport failed_report();
PassReport worst_report();  ///< hostile names, very long SQL, every hazard

TargetStatus status_of(std::string target, std::string environment, PassReport report);
std::vector<TargetStatus> usual_fleet();
std::vector<TargetStatus> worst_fleet();               ///< hostile names in every state
std::vector<TargetStatus> tenants(std::size_t count);  ///< all alike but for a few

std::vector<Attempt> usual_history();
std::vector<ObjectRecord> usual_blame();
std::vector<QuarantineEntry> usual_quarantine();
dashboard::Schema usual_schema();

std::vector<Revision> worst_commits();
std::vector<Attempt> worst_history();
std::vector<ObjectRecord> worst_blame();
std::vector<QuarantineEntry> worst_quarantine();
dashboard::Schema worst_schema();  ///< references in circles, and hostile names

}  // namespace reconcile::test
