#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "reconcilers/core/alone.h"
#include "reconcilers/core/result.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {

/// A statement that may run alone, read by its parse tree; null for every other. `tokens` are those
/// of `statement`, without comments. Errors, without a place: a form whose end no catalog could
/// tell, or that the server refuses wherever it runs.
Result<std::shared_ptr<const Alone>> read_alone(std::string_view statement,
                                                std::span<const Token> tokens);

}  // namespace reconcile::sql
