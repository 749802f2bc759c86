#include "controller/notify/text.h"

#include <fmt/chrono.h>

#include <cstdint>

namespace reconcile::notify {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";     // U+2026
constexpr std::string_view zero_width = "\xE2\x80\x8B";   // U+200B

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< in bytes; 0: the first byte begins none
};

/// The shortest form only, no surrogates, nothing beyond Unicode: RFC 3629.
Character first_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < size) return {};
  std::uint32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return overlong || surrogate || code > 0x10FFFF ? Character{} : Character{code, size};
}

/// Controls, separators of lines, and what has no width or turns the direction of what follows.
bool unseen(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xE0000 && code <= 0xE007F);
}

/// Calls `take` with each character, or with the mark for what is none.
template <class Take>
void each(std::string_view bytes, Take take) {
  while (!bytes.empty()) {
    const Character next = first_of(bytes);
    if (next.size == 0) {
      take(0xFFFDU, replacement);
      bytes.remove_prefix(1);
    } else {
      take(next.code, bytes.substr(0, next.size));
      bytes.remove_prefix(next.size);
    }
  }
}

}  // namespace

std::string utf8(std::string_view bytes) {
  std::string text;
  each(bytes, [&](std::uint32_t, std::string_view character) { text += character; });
  return text;
}

std::string one_line(std::string_view bytes) {
  std::string text;
  each(bytes, [&](std::uint32_t code, std::string_view character) {
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
  each(text, [&](std::uint32_t, std::string_view character) {
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
