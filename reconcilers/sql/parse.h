#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/sql/classify.h"

namespace reconcile::sql {

struct ParsedStatement {
  std::string text;  ///< from its first to its last token, without the semicolon
  int line = 0;      ///< of the first token, from 1
  StatementClass cls = StatementClass::Transactional;
  std::string command;  ///< what makes it other than Transactional, "VACUUM"
};

/// The statements of `text` by PostgreSQL 15's grammar, in order. Errors name file and line: what
/// the grammar refuses, psql's own commands and variables, and COPY from or to the client, which
/// only psql can do.
Result<std::vector<ParsedStatement>> split(std::string_view text, std::string_view file);

/// SHA-256 of the token stream: equal where two texts differ in nothing but white space, line ends
/// between tokens, comments, and the case of keywords and unquoted identifiers. Constants, quoted
/// identifiers, dollar-quoted bodies and line ends inside them count byte by byte.
Result<std::string> token_hash(std::string_view text);

/// Whether `text` is one SQL expression and nothing else, so that it may be put between parentheses
/// in generated SQL. Refuses comments, top-level commas, unbalanced parentheses and bare queries.
bool is_single_expression(std::string_view text);

}  // namespace reconcile::sql
