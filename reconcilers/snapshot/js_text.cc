#include "reconcilers/snapshot/js_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace reconcile::snapshot {
namespace {

/// ECMAScript's WhiteSpace and LineTerminator.
bool is_space(char32_t code) {
  if (code <= 0x20) return (code >= 0x09 && code <= 0x0D) || code == 0x20;
  if (code < 0xA0) return false;
  return code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000 || code == 0xFEFF;
}

/// The digits after 0x, 0o or 0b. JavaScript allows no sign before the prefix.
std::optional<double> prefixed(std::string_view digits, int base) {
  if (digits.empty()) return std::nullopt;
  double value = 0;
  for (const char c : digits) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0 || digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

bool is_decimal(std::string_view text) {
  std::size_t i = 0;
  std::size_t digits = 0;
  const auto skip_digits = [&] {
    const std::size_t from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  digits += skip_digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    digits += skip_digits();
  }
  if (digits == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (skip_digits() == 0) return false;
  }
  return i == text.size();
}

/// from_chars leaves the value alone where it is out of range; the exponent tells which way.
double out_of_range(std::string_view text) {
  const std::size_t exponent = text.find_first_of("eE");
  const bool tiny =
      exponent != std::string_view::npos && exponent + 1 < text.size() && text[exponent + 1] == '-';
  return tiny ? 0.0 : std::numeric_limits<double>::infinity();
}

}  // namespace

void append_js_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += "NaN";
    return;
  }
  if (std::signbit(number) && number != 0) out += '-';
  number = std::abs(number);
  if (std::isinf(number)) {
    out += "Infinity";
    return;
  }
  // "d.ddde+xx": the shortest digits that read back as the same number, as in JavaScript.
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                     std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const std::size_t mark = text.find('e');
  std::string digits(1, text.front());
  if (mark > 2) digits += text.substr(2, mark - 2);
  int exponent = 0;
  const char* sign = text.data() + mark + 1;
  std::from_chars(sign + 1, text.data() + text.size(), exponent);
  if (*sign == '-') exponent = -exponent;
  const auto count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // ECMAScript's n: digits before the point
  if (count <= point && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (point > 0 && point <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(digits, static_cast<std::size_t>(point));
  } else if (point > -6 && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    out += digits.front();
    if (count > 1) {
      out += '.';
      out.append(digits, 1);
    }
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  }
}

std::optional<double> js_number(std::string_view text) {
  text = js_trim(text);
  if (text.empty()) return 0.0;
  if (text.size() > 2 && text.front() == '0') {
    const char mark = text[1];
    if (mark == 'x' || mark == 'X') return prefixed(text.substr(2), 16);
    if (mark == 'o' || mark == 'O') return prefixed(text.substr(2), 8);
    if (mark == 'b' || mark == 'B') return prefixed(text.substr(2), 2);
  }
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  double value = 0;
  if (text == "Infinity") {
    value = std::numeric_limits<double>::infinity();
  } else {
    if (!is_decimal(text)) return std::nullopt;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc::result_out_of_range) value = out_of_range(text);
  }
  return negative ? -value : value;
}

std::string_view js_trim(std::string_view text) {
  while (!text.empty()) {
    const CodePoint first = first_code_point(text);
    if (!is_space(first.code)) break;
    text.remove_prefix(first.bytes);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) --start;
    if (!is_space(first_code_point(text.substr(start)).code)) break;
    text = text.substr(0, start);
  }
  return text;
}

int compare_utf16(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t i = 0;
  while (i < common && left[i] == right[i]) ++i;
  if (i == common) return left.size() < right.size() ? -1 : left.size() > right.size() ? 1 : 0;
  const auto a = static_cast<unsigned char>(left[i]);
  const auto b = static_cast<unsigned char>(right[i]);
  // Beyond U+FFFF UTF-16 has surrogates, which come before U+E000..U+FFFF.
  constexpr unsigned char beyond = 0xF0;
  constexpr unsigned char private_use = 0xEE;
  if (a >= beyond && b >= private_use && b < beyond) return -1;
  if (b >= beyond && a >= private_use && a < beyond) return 1;
  return a < b ? -1 : 1;
}

CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {lead, 1};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {lead, 1};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {code, bytes};
}

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace reconcile::snapshot
