#pragma once

#include <memory>
#include <string>

#include "reconcilers/core/result.h"
#include "reconcilers/ports/leadership.h"

namespace reconcile::postgres {

/// Opens the session that holds a replica's leases in the database of `conninfo`. `replica` is what
/// the others see as the leader's name, at most 40 bytes. A pooler that gives a session's backend
/// to others between two statements (PgBouncer in transaction mode) is a Terminal error: no lease
/// could be held through it.
Result<std::unique_ptr<Leadership>> open_leadership(const std::string& conninfo,
                                                    const std::string& replica);

/// Says it to the replicas that have a session in that database.
Result<void> tell_replicas(const std::string& conninfo, const std::string& text);

}  // namespace reconcile::postgres
