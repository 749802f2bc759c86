#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/alone.h"
#include "reconcilers/core/result.h"
#include "reconcilers/sql/classify.h"

namespace reconcile::sql {

struct ParsedStatement {
  std::string text;  ///< from its first to its last token, without the semicolon
  int line = 0;      ///< of the first token, from 1
  StatementClass cls = StatementClass::Transactional;
  std::string command;  ///< what makes it other than Transactional, "VACUUM"
  /// What the grammar says against it, with its place; null where it can be read. A newer server
  /// may know better, so that this is for the server to decide.
  std::shared_ptr<const Error> unread = nullptr;
  /// Set where it may run alone: all it takes to do so, and to see what came of it.
  std::shared_ptr<const Alone> alone = nullptr;
};

/// The version of the grammar that reads statements here: libpg_query's.
inline constexpr int grammar_version = 15;

/// The statements of `text`, in order. Those that PostgreSQL 15's grammar refuses are told apart
/// and classified by their tokens alone. Errors name file and line: what no version reads, such as
/// an open quote, psql's own commands, and COPY from or to the client, which only psql can do.
Result<std::vector<ParsedStatement>> split(std::string_view text, std::string_view file);

/// SHA-256 of the token stream: equal where two texts differ in nothing but white space, line ends
/// between tokens, comments, and the case of keywords and unquoted identifiers. Constants, quoted
/// identifiers, dollar-quoted bodies and line ends inside them count byte by byte.
Result<std::string> token_hash(std::string_view text);

/// Whether `text` is one SQL expression and nothing else, so that it may be put between parentheses
/// in generated SQL. Refuses comments, top-level commas, unbalanced parentheses and bare queries.
bool is_single_expression(std::string_view text);

}  // namespace reconcile::sql
