#include "controller/cli/secrets.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace reconcile::cli {
namespace {

/// Where the value behind "password=" ends. libpq allows spaces around the sign, and single quotes
/// around the value with backslashes inside.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '\'') {
    for (++at; at < text.size() && text[at] != '\''; ++at) {
      if (text[at] == '\\') ++at;
    }
    return std::min(at, text.size());
  }
  while (at < text.size() && text[at] != ' ' && text[at] != '&') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

}  // namespace

void hide_passwords(std::span<char> text) {
  const std::string_view seen(text.data(), text.size());
  constexpr std::string_view key = "password";
  for (std::size_t at = seen.find(key); at != std::string_view::npos; at = seen.find(key, at + 1)) {
    std::size_t sign = seen.find_first_not_of(' ', at + key.size());
    if (sign == std::string_view::npos || seen[sign] != '=') continue;
    const std::size_t value = std::min(seen.find_first_not_of(' ', sign + 1), seen.size());
    std::ranges::fill(text.subspan(value, end_of_value(seen, value) - value), 'x');
  }
  for (std::size_t at = seen.find("://"); at != std::string_view::npos;
       at = seen.find("://", at + 1)) {
    const std::size_t host = seen.substr(0, seen.find_first_of("/? ", at + 3)).rfind('@');
    const std::size_t colon = seen.find(':', at + 3);
    if (host == std::string_view::npos || host < at || colon >= host) continue;
    std::ranges::fill(text.subspan(colon + 1, host - colon - 1), 'x');
  }
}

void hide_secrets(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) hide_passwords({argv[i], std::strlen(argv[i])});
}

}  // namespace reconcile::cli
