#pragma once

#include <string>

#include "controller/dashboard/diagram_model.h"
#include "controller/dashboard/target.h"
#include "reconcilers/core/outcome.h"

namespace reconcile::dashboard {

struct DiagramView {
  TargetView target;
  const PassReport* report = nullptr;  ///< as for the plan
  Schema schema = {};                  ///< the rest of the database, see schema_of(); may be empty
};

/// GET /targets/{target}/diagram: the tables that the plan changes, coloured by the change, with
/// what is one reference away; and the same as a table.
std::string diagram_page(const DiagramView& view, const Viewer& viewer);

}  // namespace reconcile::dashboard
