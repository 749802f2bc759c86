#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconcile::sql {

struct BlockStatement {
  std::string text;  ///< without the semicolon
  int line = 0;      ///< of its first token in the body, from 0
};

/// The SQL in the body of a PL/pgSQL block, whichever of it comes to run.
struct Block {
  std::vector<BlockStatement> statements;
  bool hides = false;  ///< it also runs SQL that it puts together as it goes
};

/// What stands between the marks of $tag$ … $tag$. REQUIRES: such a string.
std::string_view without_dollars(std::string_view text);

/// `body` is what stands between the quotes of DO. PERFORM is given as the SELECT that it is, and
/// EXECUTE of a constant as its statement. What functions do that are called in conditions and
/// assignments is not looked for.
Block statements_in_block(std::string_view body);

}  // namespace reconcile::sql
