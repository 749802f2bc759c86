#include "reconcilers/sql/block_statements.h"

#include <algorithm>
#include <array>
#include <span>

#include "reconcilers/sql/source_text.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {
namespace {

/// What a statement may follow in PL/pgSQL; "x" of `<<x>>` is no keyword.
bool ends_before(const Token& token) {
  constexpr std::array<std::string_view, 5> openers{"begin", "then", "else", "loop", "in"};
  return token.text == ";" || token.text == ">>" ||
         std::ranges::any_of(openers, [&](auto word) { return token.is_word(word); });
}

bool begins_sql(const Token& token) {
  constexpr std::array<std::string_view, 19> words{
      "alter",   "call",   "cluster",  "copy",    "create", "delete", "do",
      "drop",    "insert", "lock",     "perform", "reset",  "select", "refresh",
      "reindex", "set",    "truncate", "update",  "with"};
  return std::ranges::any_of(words, [&](auto word) { return token.is_word(word); });
}

/// The text of a constant without its quotes; empty for forms with escapes, which nobody writes SQL
/// in.
std::string constant(const Token& token) {
  const std::string_view text = token.text;
  if (token.kind != Token::Kind::String || text.empty()) return {};
  if (text.front() == '$') return std::string(without_dollars(text));
  if (text.front() != '\'') return {};
  std::string content;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\'') ++i;
    content += text[i];
  }
  return content;
}

/// EXECUTE 'text', with or without USING.
std::string executed_constant(std::span<const Token> statement) {
  if (statement.size() < 2) return {};
  const bool alone = statement.size() == 2 || statement[2].is_word("using");
  return alone ? constant(statement[1]) : std::string();
}

}  // namespace

std::string_view without_dollars(std::string_view text) {
  const std::size_t tag = text.find('$', 1) + 1;
  return text.substr(tag, text.size() - 2 * tag);
}

Block statements_in_block(std::string_view body) {
  auto scanned = scan(body, {});
  if (!scanned) return {.statements = {}, .hides = true};
  std::erase_if(*scanned, [](const Token& token) { return token.is_comment(); });
  const std::span<const Token> tokens = *scanned;
  Block block;
  bool first = true;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool sql = first && begins_sql(tokens[i]);
    // Also behind FOR … IN, OPEN … FOR and RETURN QUERY.
    const bool dynamic = tokens[i].is_word("execute");
    first = ends_before(tokens[i]);
    if (!sql && !dynamic) continue;
    // FOR row IN query LOOP
    const bool looped = i > 0 && tokens[i - 1].is_word("in");
    std::size_t end = i;
    while (end < tokens.size() && tokens[end].text != ";" &&
           !(looped && tokens[end].is_word("loop")))
      ++end;
    const auto statement = tokens.subspan(i, end - i);
    const int line = line_at(body, tokens[i].offset) - 1;
    std::string text(body.substr(tokens[i].offset, statement.back().end() - tokens[i].offset));
    if (dynamic) {
      text = executed_constant(statement);
      block.hides = block.hides || text.empty();
    } else if (tokens[i].is_word("perform")) {
      text.replace(0, tokens[i].text.size(), "select");
    }
    if (!text.empty()) block.statements.push_back({std::move(text), line});
    i = end;
    first = true;
  }
  return block;
}

}  // namespace reconcile::sql
