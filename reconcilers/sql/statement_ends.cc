#include "reconcilers/sql/statement_ends.h"

#include <cstddef>

namespace reconcile::sql {
namespace {

/// What is open at a place in a statement.
class Nesting {
 public:
  /// `next` is null at the end of the text.
  void take(const Token& token, const Token* next) {
    if (token.text == "(" || token.text == "[") ++brackets_;
    if ((token.text == ")" || token.text == "]") && brackets_ > 0) --brackets_;
    // Only ATOMIC tells the body from a function that somebody has named "begin".
    if (token.is_word("begin") && next != nullptr && next->is_word("atomic")) ++blocks_;
    if (blocks_ == 0) return;
    if (token.is_word("case")) ++blocks_;
    if (token.is_word("end")) --blocks_;
  }
  bool ends_statement(const Token& token) const {
    return token.text == ";" && brackets_ == 0 && blocks_ == 0;
  }

 private:
  int brackets_ = 0;
  int blocks_ = 0;
};

}  // namespace

std::vector<std::span<const Token>> statements_among(std::span<const Token> tokens) {
  std::vector<std::span<const Token>> statements;
  Nesting nesting;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    if (end > begin) statements.push_back(tokens.subspan(begin, end - begin));
    begin = end + 1;
    nesting = {};
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (nesting.ends_statement(tokens[i])) {
      close(i);
    } else {
      nesting.take(tokens[i], i + 1 < tokens.size() ? &tokens[i + 1] : nullptr);
    }
  }
  close(tokens.size());
  return statements;
}

}  // namespace reconcile::sql
