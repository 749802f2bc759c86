#pragma once

#include <string>
#include <string_view>

namespace reconcile::sql {

/// An identifier as SQL, always in double quotes, so that no name is ever folded or read as a
/// keyword. REQUIRES: no NUL byte. PostgreSQL has none in names or text; parse.h and the snapshot
/// reader refuse them where input enters.
std::string quote_identifier(std::string_view name);

/// A text value as SQL. With a backslash it becomes an E'' literal, which reads the same whatever
/// standard_conforming_strings says. REQUIRES: no NUL byte, as above.
std::string quote_literal(std::string_view value);

}  // namespace reconcile::sql
