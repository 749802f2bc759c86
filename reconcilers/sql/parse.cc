#include "reconcilers/sql/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "reconcilers/core/digest.h"
#include "reconcilers/sql/client_commands.h"
#include "reconcilers/sql/pg_query_result.h"
#include "reconcilers/sql/source_text.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {
namespace {

/// The syntax error at `at`, or the better explanation where psql would have understood the text.
Error refusal(std::string_view text, std::string_view file, std::size_t at,
              std::string_view message) {
  if (const auto tokens = scan(text.substr(0, at), file)) {
    if (auto copy = client_copy(text, file, *tokens)) return std::move(*copy);
  }
  if (auto command = psql_command(text, file, at)) return std::move(*command);
  return {.where = place(file, line_at(text, at)),
          .what = "this is not SQL that PostgreSQL 15's grammar accepts",
          .why = fmt::format("{}\n{}", message, point_at(text, at)),
          .next = "correct the statement"};
}

/// The tokens that begin in a statement's part of the text.
std::span<const Token> tokens_between(std::span<const Token> tokens, std::size_t begin,
                                      std::size_t end) {
  const auto before = [](const Token& token, std::size_t offset) { return token.offset < offset; };
  const auto first = std::lower_bound(tokens.begin(), tokens.end(), begin, before);
  const auto last = std::lower_bound(first, tokens.end(), end, before);
  return {first, last};
}

void drop_comments(std::vector<Token>& tokens) {
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(),
                              [](const Token& token) { return token.is_comment(); }),
               tokens.end());
}

Result<ParsedStatement> statement_of(std::string_view text, std::span<const Token> tokens) {
  const std::size_t begin = tokens.front().offset;
  const std::string_view spelled = text.substr(begin, tokens.back().end() - begin);
  Result<Classification> classification = classify(spelled, tokens);
  if (!classification) return classification.error();
  return ParsedStatement{.text = std::string(spelled),
                         .line = 0,
                         .cls = classification->cls,
                         .command = std::move(classification->command)};
}

bool is_one_statement(const std::string& text) {
  const SplitResult result(pg_query_split_with_parser(text.c_str()));
  return result->error == nullptr && result->n_stmts == 1;
}

/// No comment, semicolon or top-level comma, and every bracket closed by its own kind. The keyword
/// DEFAULT passes the grammar as an expression and is none.
bool stands_alone(std::span<const Token> tokens) {
  std::string open;
  for (const Token& token : tokens) {
    if (token.is_comment() || token.text == ";" || token.is_word("default")) return false;
    if (token.text == "," && open.empty()) return false;
    if (token.text == "(") open += ')';
    if (token.text == "[") open += ']';
    if (token.text == ")" || token.text == "]") {
      if (open.empty() || open.back() != token.text.front()) return false;
      open.pop_back();
    }
  }
  return open.empty() && !tokens.empty();
}

/// A string written in several pieces on consecutive lines is one constant; the line end between
/// two pieces is white space like any other.
std::string canonical_string(std::string_view text) {
  const bool escapes = text.starts_with('E') || text.starts_with('e');
  std::string canonical;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside && escapes && c == '\\' && i + 1 < text.size()) {
      canonical += c;
      canonical += text[++i];
      continue;
    }
    if (c == '\'') inside = !inside;
    const bool gap = !inside && std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
    if (!gap) canonical += c;
    if (gap && canonical.back() != '\n') canonical += '\n';
  }
  return canonical;
}

std::string canonical(const Token& token) {
  if (token.kind == Token::Kind::Word) return lower(token.text);
  const bool quoted = token.kind == Token::Kind::String && token.text.ends_with('\'');
  return quoted ? canonical_string(token.text) : std::string(token.text);
}

}  // namespace

Result<std::vector<ParsedStatement>> split(std::string_view text, std::string_view file) {
  if (const auto checked = check_text(text, file); !checked) return checked.error();
  const SplitResult raw(pg_query_split_with_parser(std::string(text).c_str()));
  if (raw->error != nullptr) {
    return refusal(text, file, byte_offset(text, raw->error->cursorpos), raw->error->message);
  }
  Result<std::vector<Token>> tokens = scan(text, file);
  if (!tokens) return tokens.error();
  drop_comments(*tokens);
  if (auto copy = client_copy(text, file, *tokens)) return std::move(*copy);

  std::vector<ParsedStatement> statements;
  std::size_t counted = 0;
  int line = 1;
  for (int i = 0; i < raw->n_stmts; ++i) {
    const auto begin = static_cast<std::size_t>(raw->stmts[i]->stmt_location);
    const auto length = static_cast<std::size_t>(raw->stmts[i]->stmt_len);
    const auto own = tokens_between(*tokens, begin, begin + length);
    if (own.empty()) continue;
    line += line_at(text.substr(counted), own.front().offset - counted) - 1;
    counted = own.front().offset;
    Result<ParsedStatement> statement = statement_of(text, own);
    if (!statement) {
      Error error = statement.error();
      error.where = place(file, line);
      return error;
    }
    statement->line = line;
    statements.push_back(std::move(*statement));
  }
  return statements;
}

Result<std::string> token_hash(std::string_view text) {
  const Result<std::vector<Token>> tokens = scan(text, {});
  if (!tokens) return tokens.error();
  std::string stream;
  for (const Token& token : *tokens) {
    if (token.is_comment()) continue;
    const std::string spelled = canonical(token);
    stream += fmt::format("{}:{}\n", spelled.size(), spelled);
  }
  return sha256(stream);
}

bool is_single_expression(std::string_view text) {
  const Result<std::vector<Token>> tokens = scan(text, {});
  if (!tokens || !stands_alone(*tokens)) return false;
  // With its brackets balanced the text cannot leave the ones put around it here. The target list
  // also takes a query in parentheses, the array also takes a list of arrays: an expression is what
  // both take.
  const std::string expression(text);
  return is_one_statement("select (" + expression + ")") &&
         is_one_statement("select array[" + expression + "]");
}

}  // namespace reconcile::sql
