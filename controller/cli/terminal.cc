#include "controller/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

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

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7f)) {
      shown += c;
    } else {
      shown += fmt::format("\\x{:02x}", byte);
    }
  }
  return shown;
}

}  // namespace reconcile::cli
