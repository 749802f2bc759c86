#include "reconcilers/snapshot/names.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <locale>
#include <stdexcept>

#include "reconcilers/snapshot/js_text.h"

namespace reconcile::snapshot {
namespace {

/// Unicode, whatever the locale of the process: C.UTF-8 comes with the C library.
std::locale unicode() {
  try {
    return std::locale("C.UTF-8");
  } catch (const std::runtime_error&) {
    return std::locale::classic();
  }
}

char32_t lower(char32_t code) {
  static const std::locale locale = unicode();
  static const auto& characters = std::use_facet<std::ctype<wchar_t>>(locale);
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
  return static_cast<char32_t>(characters.tolower(static_cast<wchar_t>(code)));
}

/// UTF-16, which JavaScript counts, hashes and cuts.
std::u16string lower_utf16(std::string_view text) {
  std::u16string units;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    text.remove_prefix(point.bytes);
    const char32_t code = lower(point.code);
    if (code < 0x10000) {
      units += static_cast<char16_t>(code);
    } else {
      units += static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10U));
      units += static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FFU));
    }
  }
  return units;
}

std::string utf8(std::u16string_view units) {
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t code = units[i];
    if (code >= 0xD800 && code < 0xDC00) {
      if (i + 1 == units.size()) break;  // half a character: the cut went through it
      code = 0x10000 + ((code - 0xD800) << 10U) + (units[++i] - 0xDC00U);
    }
    append_utf8(text, code);
  }
  return text;
}

/// Java's string hash on 32 bits, as Directus uses it.
std::string simple_hash(std::u16string_view units) {
  std::uint32_t hash = 0;
  for (const char16_t unit : units) hash = 31U * hash + unit;
  const auto value = static_cast<std::int64_t>(static_cast<std::int32_t>(hash));
  return fmt::format("{:x}", std::abs(value));
}

}  // namespace

std::string generated_name(std::string_view kind, std::string_view table, std::string_view column) {
  const std::size_t limit = kind == "foreign" ? 60 : 63;
  std::string name = fmt::format("{}_{}_{}", table, column, kind);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (name[i] == '.' || name[i] == '-') name[i] = '_';
  }
  const std::u16string units = lower_utf16(name);
  if (units.size() <= limit) return utf8(units);
  const std::string suffix = fmt::format("__{}_{}", simple_hash(units), kind);
  return utf8(std::u16string_view(units).substr(0, limit - suffix.size())) + suffix;
}

}  // namespace reconcile::snapshot
