#pragma once

#include <string>

#include "controller/postgres/session.h"

namespace reconcile::postgres {

/// A Terminal error where between `session` and the server there is a pooler that gives the
/// session's backend to others between its transactions (PgBouncer in transaction or statement
/// mode): locks of a session, its settings and LISTEN are not its own there.
Result<void> refuse_pooler(Session& session, const std::string& conninfo);

}  // namespace reconcile::postgres
