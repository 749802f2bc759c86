#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reconcile::snapshot {

// What JavaScript does with text and numbers, where its ways show in a snapshot.

/// Appends a number as `String(number)` gives it; whole ones too.
void append_js_number(std::string& out, double number);

/// `Number(text)`; nothing where that is NaN.
std::optional<double> js_number(std::string_view text);

/// `text.trim()`, for text in UTF-8.
std::string_view js_trim(std::string_view text);

/// Order of JavaScript strings, by UTF-16 code units, for text in UTF-8. Negative, 0 or positive.
int compare_utf16(std::string_view left, std::string_view right);

/// One code point at the front of `text` (not empty), and how many bytes it takes. Bytes that are
/// no UTF-8 stand for themselves.
struct CodePoint {
  char32_t code;
  std::size_t bytes;
};
CodePoint first_code_point(std::string_view text);

/// Appends a code point in UTF-8. Half a surrogate pair is written the same way, for want of a
/// better one.
void append_utf8(std::string& out, char32_t code);

}  // namespace reconcile::snapshot
