#pragma once

#include <string>
#include <vector>

#include "controller/dashboard/html.h"
#include "controller/dashboard/viewer.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

struct FleetView {
  const std::vector<TargetStatus>& targets;
  std::string query = {};  ///< of the address, `?q=`; see matching()
  std::size_t page = 1;    ///< `?page=`
};

/// GET /: is every target on git's revision, what waits for a person, which schemas are alike.
std::string fleet_page(const FleetView& view, const Viewer& viewer);

/// GET /targets/{target}/row: its row of the fleet's table, in a document of its own: a browser
/// reads it as one, so that no script ever turns text into markup.
std::string target_row(const TargetStatus& target, const Viewer& viewer);

inline constexpr std::size_t rows_of_a_page = 1000;

}  // namespace reconcile::dashboard
