#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reconcile::cli {

/// What the terminal behind a stream can show. Colour only on a terminal and without NO_COLOR;
/// ASCII twins of the symbols where the locale is not UTF-8.
struct Look {
  bool color = false;
  bool unicode = true;
};

/// `stream` is a file descriptor: 1 for stdout, 2 for stderr.
Look look_of(int stream);

enum class Paint { Plain, Green, Yellow, Red, Magenta, Blue, Grey, Bold };
std::string paint(std::string_view text, Paint color, const Look& look);

/// Control characters, escape sequences and marks that reorder text, in names and messages, made
/// visible instead of obeyed; so are bytes that are no UTF-8. Line ends and tabs stay.
std::string printable(std::string_view text);

/// The same for what has to stay on its line: names, subjects.
std::string one_line(std::string_view text);

/// Printable, and for a terminal without UTF-8 with twins of the arrows and dots that planners
/// write.
std::string plain(std::string_view text, const Look& look);

/// In characters, not bytes: names may be UTF-8.
std::size_t width_of(std::string_view text);

/// Followed by as many spaces as fill that width.
std::string columns(std::string_view left, std::size_t width);

}  // namespace reconcile::cli
