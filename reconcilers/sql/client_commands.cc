#include "reconcilers/sql/client_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "reconcilers/sql/source_text.h"

namespace reconcile::sql {
namespace {

bool begins_statement(std::span<const Token> tokens, std::size_t i) {
  while (i > 0 && tokens[i - 1].is_comment()) --i;
  return i == 0 || tokens[i - 1].text == ";";
}

/// STDIN or STDOUT where COPY names its other end: outside parentheses, after FROM or TO.
const Token* client_end(std::span<const Token> copy) {
  int depth = 0;
  const Token* previous = nullptr;
  for (const Token& token : copy) {
    if (token.text == ";" && depth == 0) break;
    if (token.is_comment()) continue;
    if (token.text == "(") ++depth;
    if (token.text == ")") --depth;
    const bool direction =
        previous != nullptr && (previous->is_word("from") || previous->is_word("to"));
    if (depth == 0 && direction && (token.is_word("stdin") || token.is_word("stdout"))) {
      return &token;
    }
    previous = &token;
  }
  return nullptr;
}

struct WayOut {
  std::string_view command, next;
};

std::string_view way_out(std::string_view command) {
  constexpr std::array<WayOut, 7> table{{
      {"copy", "write the rows as INSERT statements"},
      {".", "write the rows as INSERT statements"},
      {"i", "put that file's SQL here, or into a numbered file of its own"},
      {"ir", "put that file's SQL here, or into a numbered file of its own"},
      {"include", "put that file's SQL here, or into a numbered file of its own"},
      {"set", "write the value where the variable is used"},
      {"gexec", "build and run the statements in a DO block with EXECUTE"},
  }};
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const WayOut& row) { return row.command == command; });
  return found == table.end() ? "remove the line, or say it in SQL" : found->next;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The name of a meta-command, or a variable with its quotes, at the front of `text`.
std::string_view name_at(std::string_view text) {
  const char quote = text.empty() ? '\0' : text.front();
  if (quote == '\'' || quote == '"') return text.substr(0, text.find(quote, 1) + 1);
  const auto* end = std::find_if_not(text.begin(), text.end(), is_name_character);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

}  // namespace

std::optional<Error> client_copy(std::string_view text, std::string_view file,
                                 std::span<const Token> tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is_word("copy") || !begins_statement(tokens, i)) continue;
    const Token* end = client_end(tokens.subspan(i));
    if (end == nullptr) continue;
    const bool in = end->is_word("stdin");
    return Error{.where = place(file, line_at(text, tokens[i].offset)),
                 .what = in ? "COPY … FROM STDIN" : "COPY … TO STDOUT",
                 .why = in ? "the rows come from psql's own input, which a migration does not have"
                           : "the rows go to psql, which a migration does not have",
                 .next = in ? "write the rows as INSERT statements" : "remove the statement"};
  }
  return std::nullopt;
}

std::optional<Error> psql_command(std::string_view text, std::string_view file, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  const std::string where = place(file, line_at(text, at));
  const std::string_view rest = text.substr(at + 1);
  if (text[at] == '\\') {
    const std::string_view name = rest.starts_with('.') ? rest.substr(0, 1) : name_at(rest);
    return Error{.where = where,
                 .what = fmt::format("psql command \\{}", name),
                 .why = "psql runs it, the server does not know it\n" + point_at(text, at),
                 .next = std::string(way_out(name))};
  }
  if (text[at] == ':' && !name_at(rest).empty()) {
    return Error{.where = where,
                 .what = fmt::format("psql variable :{}", name_at(rest)),
                 .why = "psql replaces it, the server does not know it\n" + point_at(text, at),
                 .next = "write the value itself"};
  }
  return std::nullopt;
}

}  // namespace reconcile::sql
