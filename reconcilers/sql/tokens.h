#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::sql {

/// One token of SQL text, comments included.
struct Token {
  enum class Kind {
    Comment,           ///< -- to the end of the line, or /* nested */
    Word,              ///< keyword or unquoted identifier
    QuotedIdentifier,  ///< "…" or U&"…"
    String,            ///< '…' with any prefix, or dollar-quoted
    Other,             ///< number, operator, punctuation, parameter
  };
  Kind kind = Kind::Other;
  std::string_view text;   ///< of the text that was scanned, and no longer alive than it
  std::size_t offset = 0;  ///< in that text

  std::size_t end() const { return offset + text.size(); }
  /// Is the keyword or unquoted identifier `lower`, whatever its case.
  bool is_word(std::string_view lower) const;
  bool is_comment() const { return kind == Kind::Comment; }
};

/// ASCII lower case, which is how PostgreSQL folds unquoted identifiers in a UTF-8 database.
std::string lower(std::string_view text);

/// The tokens of `text` in order, by PostgreSQL's own scanner. Fails where that one fails: an open
/// string or comment, a NUL byte. It knows no grammar, so newer SQL passes.
Result<std::vector<Token>> scan(std::string_view text, std::string_view file);

}  // namespace reconcile::sql
