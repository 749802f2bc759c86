#include "reconcilers/sql/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "reconcilers/core/digest.h"
#include "reconcilers/sql/alone.h"
#include "reconcilers/sql/client_commands.h"
#include "reconcilers/sql/pg_query_result.h"
#include "reconcilers/sql/source_text.h"
#include "reconcilers/sql/statement_ends.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {
namespace {

/// A syntax error in a text, and where.
struct Complaint {
  std::size_t at = 0;  ///< offset in the text
  std::string message;
};

/// What only psql can do, as far as it shows before or at the place of a syntax error: the rows
/// that follow a COPY are no tokens.
std::optional<Error> for_psql_alone(std::string_view text, std::string_view file, std::size_t at) {
  if (const auto tokens = scan(text.substr(0, at), file)) {
    if (auto copy = client_copy(text, file, *tokens)) return copy;
  }
  return at < text.size() && text[at] == '\\' ? psql_command(text, file, at) : std::nullopt;
}

/// The syntax error, or the better explanation where psql would have understood the text.
Error refusal(std::string_view text, std::string_view file, const Complaint& complaint) {
  if (auto command = psql_command(text, file, complaint.at)) return std::move(*command);
  return {
      .where = place(file, line_at(text, complaint.at)),
      .what = fmt::format("this is not SQL that PostgreSQL {}'s grammar accepts", grammar_version),
      .why = fmt::format("{}\n{}", complaint.message, point_at(text, complaint.at)),
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

std::string_view spelled(std::string_view text, std::span<const Token> tokens) {
  const std::size_t begin = tokens.front().offset;
  return text.substr(begin, tokens.back().end() - begin);
}

Result<ParsedStatement> statement_of(std::string_view text, std::span<const Token> tokens) {
  const std::string_view own = spelled(text, tokens);
  Result<Classification> classification = classify(own, tokens);
  if (!classification) return classification.error();
  auto alone = read_alone(own, tokens);
  if (!alone) return alone.error();
  const bool may = classification->cls == StatementClass::NonTransactional ||
                   (*alone && (*alone)->kind == Alone::Kind::AddValue);
  if (!may) alone->reset();
  return ParsedStatement{.text = std::string(own),
                         .line = 0,
                         .cls = classification->cls,
                         .command = std::move(classification->command),
                         .alone = std::move(*alone)};
}

/// One that the grammar refuses with `complaint`, whose place is in the statement.
Result<ParsedStatement> unread_statement(std::string_view text, std::string_view file,
                                         std::span<const Token> tokens, Complaint complaint) {
  for (const Token& token : tokens) {
    // No version of SQL has a backslash outside of quotes.
    if (!token.text.starts_with('\\')) continue;
    if (auto command = psql_command(text, file, token.offset)) return std::move(*command);
  }
  complaint.at += tokens.front().offset;
  Classification classification = classify_by_words(tokens);
  return ParsedStatement{.text = std::string(spelled(text, tokens)),
                         .line = 0,
                         .cls = classification.cls,
                         .command = std::move(classification.command),
                         .unread = std::make_shared<const Error>(refusal(text, file, complaint))};
}

/// By the grammar where that reads it as one statement, by its tokens where it does not.
Result<ParsedStatement> try_statement(std::string_view text, std::string_view file,
                                      std::span<const Token> tokens) {
  const std::string own(spelled(text, tokens));
  const SplitResult parsed(pg_query_split_with_parser(own.c_str()));
  if (parsed->error != nullptr) {
    const std::size_t at = byte_offset(own, parsed->error->cursorpos);
    return unread_statement(text, file, tokens, {at, parsed->error->message});
  }
  if (parsed->n_stmts != 1)
    return unread_statement(text, file, tokens, {0, "it is not clear where this statement ends"});
  return statement_of(text, tokens);
}

/// `readable` says that the grammar has read all of them.
Result<std::vector<ParsedStatement>> read_all(std::string_view text, std::string_view file,
                                              std::span<const std::span<const Token>> statements,
                                              bool readable) {
  std::vector<ParsedStatement> read;
  read.reserve(statements.size());
  std::size_t counted = 0;
  int line = 1;
  for (const std::span<const Token> own : statements) {
    line += line_at(text.substr(counted), own.front().offset - counted) - 1;
    counted = own.front().offset;
    auto statement = readable ? statement_of(text, own) : try_statement(text, file, own);
    if (!statement) {
      Error error = statement.error();
      if (error.where.empty()) error.where = place(file, line);
      return error;
    }
    statement->line = line;
    read.push_back(std::move(*statement));
  }
  return read;
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
  Complaint complaint;
  if (raw->error != nullptr) {
    complaint = {byte_offset(text, raw->error->cursorpos), raw->error->message};
    if (auto error = for_psql_alone(text, file, complaint.at)) return std::move(*error);
  }
  Result<std::vector<Token>> tokens = scan(text, file);
  if (!tokens && raw->error != nullptr) return refusal(text, file, complaint);
  if (!tokens) return tokens.error();
  drop_comments(*tokens);
  if (auto copy = client_copy(text, file, *tokens)) return std::move(*copy);
  if (raw->error != nullptr) return read_all(text, file, statements_among(*tokens), false);

  std::vector<std::span<const Token>> statements;
  for (int i = 0; i < raw->n_stmts; ++i) {
    const auto begin = static_cast<std::size_t>(raw->stmts[i]->stmt_location);
    const auto length = static_cast<std::size_t>(raw->stmts[i]->stmt_len);
    const auto own = tokens_between(*tokens, begin, begin + length);
    if (!own.empty()) statements.push_back(own);
  }
  return read_all(text, file, statements, true);
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
