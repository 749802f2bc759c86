#pragma once

#include <memory>
#include <string>

#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// Opens target databases. `actor` is written into the ledger: who runs this pass.
std::unique_ptr<Connector> connector(std::string conninfo, std::string actor);

}  // namespace reconcile::postgres
