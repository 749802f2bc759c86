#include "controller/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace reconcile::cli {

Look look_of(int stream) {
  Look look;
  const char* no_color = std::getenv("NO_COLOR");
  const char* force_color = std::getenv("CLICOLOR_FORCE");
  const bool forced = force_color != nullptr && *force_color != '\0' && *force_color != '0';
  look.color = (forced || isatty(stream) == 1) && (no_color == nullptr || *no_color == '\0');
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    locale = value;
    break;
  }
  // A pipe into a file or another program gets UTF-8 unless the locale says otherwise.
  look.unicode = locale.empty() || locale.find("UTF-8") != std::string::npos ||
                 locale.find("utf8") != std::string::npos;
  return look;
}

std::string paint(std::string_view text, Paint color, const Look& look) {
  constexpr std::array<int, 8> codes{0, 32, 33, 31, 35, 34, 90, 1};
  if (!look.color || color == Paint::Plain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", codes.at(static_cast<std::size_t>(color)), text);
}

namespace {

struct Character {
  char32_t code;
  std::size_t bytes;  ///< 0 where the bytes are no UTF-8
};

Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {lead, 0};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {lead, 0};
    code = (code << 6U) | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest.at(bytes) || code > 0x10FFFF || surrogate) return {lead, 0};
  return {code, bytes};
}

/// Obeyed by a terminal instead of shown: C0 and C1 controls, line separators, direction marks.
bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E ||
         code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto [code, bytes] = first_of(text);
    if (bytes == 0 || (code < 0x80 && is_control(code) && code != '\n' && code != '\t')) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else if (code >= 0x80 && is_control(code)) {
      shown += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    } else {
      shown += text.substr(0, bytes);
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return shown;
}

std::string one_line(std::string_view text) {
  std::string shown;
  for (const char c : printable(text)) {
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\t') {
      shown += "\\t";
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string plain(std::string_view given, const Look& look) {
  std::string text = printable(given);
  if (look.unicode) return text;
  for (const auto& [fancy, twin] :
       {std::pair<std::string_view, std::string_view>{"→", "->"}, {"…", "..."}, {"·", "-"}}) {
    for (std::size_t at = text.find(fancy); at != std::string::npos;
         at = text.find(fancy, at + twin.size()))
      text.replace(at, fancy.size(), twin);
  }
  return text;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string columns(std::string_view left, std::size_t width) {
  const std::size_t shown = width_of(left);
  return std::string(left) + std::string(shown < width ? width - shown : 0, ' ');
}

}  // namespace reconcile::cli
