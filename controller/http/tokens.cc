#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "controller/http/access.h"

namespace reconcile::http {
namespace {

Error mistake(const std::string& where, int line, std::string what, std::string next) {
  return {.kind = ErrorKind::Usage,
          .where = fmt::format("{}:{}", where, line),
          .what = std::move(what),
          .why = "",
          .next = std::move(next)};
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<std::vector<Token>> parse_tokens(std::string_view text, const std::string& where) {
  std::vector<Token> tokens;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    Token token;
    std::string role;
    if (!(words >> token.name)) continue;
    if (!(words >> role >> token.hash))
      return mistake(where, number, "this line is not a token",
                     "write `name role sha256-of-token`, and after it the targets it is for, if "
                     "not all");
    const std::optional<Role> known = role_named(role);
    if (!known)
      return mistake(where, number, fmt::format("there is no role {}", role),
                     "write read, operate or approve");
    token.role = *known;
    if (!is_hash(token.hash))
      return mistake(where, number,
                     fmt::format("the hash of token {} is not a SHA-256", token.name),
                     "write the 64 lower-case hexadecimal digits of the token's SHA-256, not the "
                     "token itself");
    for (std::string pattern; words >> pattern;) token.targets.push_back(pattern);
    const bool twice = std::ranges::any_of(tokens, [&](const Token& other) {
      return other.name == token.name || other.hash == token.hash;
    });
    if (twice)
      return mistake(where, number, fmt::format("token {} is there twice", token.name),
                     "give every token a name and a secret of its own");
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace reconcile::http
