#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/core/catalog_facts.h"

namespace reconcile::postgres {

/// What the database has under the names that a plan mentions; one round trip. It has to be asked
/// while the role's own search path is in force.
Result<CatalogFacts> read_hazard_facts(Session& session, const MentionedNames& mentioned);

}  // namespace reconcile::postgres
