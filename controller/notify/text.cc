#include "controller/notify/text.h"

#include <fmt/chrono.h>

#include <cstdint>

#include "reconcilers/core/unicode.h"

namespace reconcile::notify {
namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";    // U+2026
constexpr std::string_view zero_width = "\xE2\x80\x8B";  // U+200B

/// Controls, separators of lines, and what has no width or turns the direction of what follows.
bool unseen(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xE0000 && code <= 0xE007F);
}

}  // namespace

std::string one_line(std::string_view bytes) {
  std::string text;
  each_character(bytes, [&](std::uint32_t code, std::string_view character) {
    if (!unseen(code) && code != ' ') {
      text += character;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  });
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string shortened(const std::string& text, std::size_t most) {
  std::string kept;
  std::size_t count = 0;
  std::size_t end = 0;  // of what fits with the ellipsis behind it
  each_character(text, [&](std::uint32_t, std::string_view character) {
    ++count;
    if (count <= most) kept += character;
    if (count < most) end = kept.size();
  });
  if (count <= most) return kept;
  kept.resize(end);
  return kept + std::string(ellipsis);
}

std::string slack_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string markdown_escaped(std::string_view text) {
  constexpr std::string_view marks = "\\`*_{}[]()<>#+-!|~";
  std::string escaped;
  for (const char c : text) {
    if (marks.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
    // A name ends a mention only where it is not a letter; this is none, and takes no room.
    if (c == '@') escaped += zero_width;
  }
  return escaped;
}

}  // namespace reconcile::notify
