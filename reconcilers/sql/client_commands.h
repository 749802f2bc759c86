#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "reconcilers/core/error.h"
#include "reconcilers/sql/tokens.h"

// What psql does itself and the server does not understand. Old migration folders were written for
// psql, so these get their own words instead of a bare syntax error.
namespace reconcile::sql {

/// The first COPY … FROM STDIN or TO STDOUT among `tokens`, as the error that refuses it.
std::optional<Error> client_copy(std::string_view text, std::string_view file,
                                 std::span<const Token> tokens);

/// A meta-command (\i, \set) or a variable (:name) at the place of a syntax error, as the error
/// that refuses it. Only asked after the grammar failed there, so that a backslash inside a string
/// and the slice a[1:n] are never mistaken for one.
std::optional<Error> psql_command(std::string_view text, std::string_view file, std::size_t at);

}  // namespace reconcile::sql
