#pragma once

#include <span>
#include <vector>

#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {

/// The tokens of each statement, without semicolons, by what no version of the grammar changes: a
/// semicolon ends a statement unless it stands between parentheses or in a body that BEGIN ATOMIC
/// opens. `tokens` are without comments.
std::vector<std::span<const Token>> statements_among(std::span<const Token> tokens);

}  // namespace reconcile::sql
