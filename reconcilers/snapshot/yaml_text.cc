#include "reconcilers/snapshot/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reconcilers/snapshot/js_text.h"
#include "reconcilers/snapshot/one_of.h"

namespace reconcile::snapshot {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_digit_of(char c, int base) {
  if (base == 16) return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  return c >= '0' && c < '0' + base;
}

/// Takes from the front of a text what a pattern allows.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  bool take(std::string_view any_of) {
    if (at_end() || any_of.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  /// As many as there are; how many that was.
  std::size_t take_all(std::string_view any_of) {
    const std::size_t from = at_;
    while (take(any_of)) {
    }
    return at_ - from;
  }
  bool take_digits(std::size_t least, std::size_t most) {
    std::size_t count = 0;
    while (count < most && !at_end() && is_digit(text_[at_])) {
      ++at_;
      ++count;
    }
    return count >= least;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr std::string_view digits = "0123456789";
constexpr std::string_view grouped_digits = "0123456789_";

bool is_finite(std::string_view number) {
  const auto value = js_number(number);
  return !value || std::isfinite(*value);
}

bool is_integer(std::string_view text, bool underscores) {
  std::string_view rest = text;
  if (rest.front() == '-' || rest.front() == '+') rest.remove_prefix(1);
  if (rest.empty()) return false;
  if (rest == "0") return true;
  const std::string_view unsigned_text = rest;
  int base = 10;
  if (rest.front() == '0') {
    const char mark = rest[1];
    base = mark == 'b' ? 2 : mark == 'x' ? 16 : mark == 'o' ? 8 : 10;
    rest.remove_prefix(base == 10 ? 1 : 2);
  }
  // Older versions take a group's mark anywhere but at the end, and at the front behind 0b, 0x, 0o.
  if (base == 10 && rest.front() == '_') return false;
  const bool clean = std::all_of(rest.begin(), rest.end(), [&](char c) {
    return is_digit_of(c, base) || (underscores && c == '_');
  });
  const bool any =
      std::any_of(rest.begin(), rest.end(), [&](char c) { return is_digit_of(c, base); });
  if (!clean || !any || rest.back() == '_') return false;
  if (underscores) return true;
  // 400 digits are one number too many for a double.
  constexpr std::size_t always_finite = 250;
  return rest.size() < always_finite || is_finite(unsigned_text);
}

bool is_float(std::string_view text, bool underscores) {
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return true;
  const std::string_view number = underscores ? grouped_digits : digits;
  Scanner scan(text);
  const bool is_signed = scan.take("-+");
  if (scan.take_word(".inf") || scan.take_word(".Inf") || scan.take_word(".INF"))
    return scan.at_end();
  if (scan.take(digits)) {
    scan.take_all(number);
    if (scan.take(".")) scan.take_all(number);
  } else {
    if (is_signed || !scan.take(".") || scan.take_all(number) == 0) return false;
  }
  if (scan.take("eE")) {
    scan.take("-+");
    if (scan.take_all(digits) == 0) return false;
  }
  if (!scan.at_end()) return false;
  return underscores ? text.back() != '_' : is_finite(text);
}

bool is_timestamp(std::string_view text) {
  Scanner scan(text);
  if (!scan.take_digits(4, 4) || !scan.take("-") || !scan.take_digits(1, 2) || !scan.take("-") ||
      !scan.take_digits(1, 2)) {
    return false;
  }
  if (scan.at_end()) return text.size() == std::string_view("2000-01-01").size();
  if (!scan.take("Tt") && scan.take_all(" \t") == 0) return false;
  if (!scan.take_digits(1, 2) || !scan.take(":") || !scan.take_digits(2, 2) || !scan.take(":") ||
      !scan.take_digits(2, 2)) {
    return false;
  }
  if (scan.take(".")) scan.take_all(digits);
  if (scan.at_end()) return true;
  scan.take_all(" \t");
  if (scan.take("Z")) return scan.at_end();
  if (!scan.take("-+") || !scan.take_digits(1, 2)) return false;
  if (scan.take(":") && !scan.take_digits(2, 2)) return false;
  return scan.at_end();
}

/// Breaks as late as the width allows, only where one space stands before something else.
void append_folded_line(std::string& out, std::string_view line, std::size_t width) {
  if (line.empty() || line.front() == ' ') {
    out += line;
    return;
  }
  // A position in bytes, and in UTF-16 units.
  struct Place {
    std::size_t byte = 0;
    std::size_t unit = 0;
  };
  Place start;
  Place current;
  std::size_t unit = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (line[i] == ' ' && i + 1 < line.size() && line[i + 1] != ' ') {
      const Place next{i, unit};
      if (next.unit - start.unit > width) {
        const Place end = current.byte > start.byte ? current : next;
        out += line.substr(start.byte, end.byte - start.byte);
        out += '\n';
        start = {end.byte + 1, end.unit + 1};
      }
      current = next;
    }
    if ((byte & 0xC0U) != 0x80U) unit += byte >= 0xF0 ? 2 : 1;
  }
  if (unit - start.unit > width && current.byte > start.byte) {
    out += line.substr(start.byte, current.byte - start.byte);
    out += '\n';
    start.byte = current.byte + 1;
  }
  out += line.substr(start.byte);
}

}  // namespace

bool is_printable(char32_t code) {
  if (code <= 0x7E) return code >= 0x20;
  if (code < 0xA1) return false;
  if (code <= 0xD7FF) return code != 0x2028 && code != 0x2029;
  if (code < 0xE000) return false;
  return code <= 0xFFFD ? code != 0xFEFF : code >= 0x10000;
}

bool resolves_to_other_type(std::string_view text, bool underscores) {
  const char first = text.front();
  if (is_digit(first) || first == '-' || first == '+' || first == '.') {
    return is_integer(text, underscores) || is_float(text, underscores) || is_timestamp(text);
  }
  return one_of(
      text, {"~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "<<"});
}

bool is_deprecated_syntax(std::string_view text) {
  constexpr std::size_t longest_word = 3;
  if (text.size() <= longest_word &&
      one_of(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO",
                    "off", "Off", "OFF"})) {
    return true;
  }
  Scanner scan(text);
  scan.take("-+");
  if (scan.take_all(grouped_digits) == 0) return false;
  std::size_t parts = 0;
  for (; scan.take(":"); ++parts) {
    if (scan.take_all(grouped_digits) == 0) return false;
  }
  if (parts > 0 && scan.take(".")) scan.take_all(grouped_digits);
  return parts > 0 && scan.at_end();
}

std::string folded(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t at = std::min(text.find('\n'), text.size());
  append_folded_line(out, text.substr(0, at), width);
  bool previous_indented = text.front() == '\n' || text.front() == ' ';
  while (at < text.size()) {
    const std::size_t line_at = std::min(text.find_first_not_of('\n', at), text.size());
    const std::size_t end = std::min(text.find('\n', line_at), text.size());
    const std::string_view line = text.substr(line_at, end - line_at);
    const bool indented = !line.empty() && line.front() == ' ';
    out += text.substr(at, line_at - at);
    if (!previous_indented && !indented && !line.empty()) out += '\n';
    append_folded_line(out, line, width);
    previous_indented = indented;
    at = end;
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::array<std::pair<char32_t, std::string_view>, 15> names{{{0x00, "\\0"},
                                                                         {0x07, "\\a"},
                                                                         {0x08, "\\b"},
                                                                         {0x09, "\\t"},
                                                                         {0x0A, "\\n"},
                                                                         {0x0B, "\\v"},
                                                                         {0x0C, "\\f"},
                                                                         {0x0D, "\\r"},
                                                                         {0x1B, "\\e"},
                                                                         {0x22, "\\\""},
                                                                         {0x5C, "\\\\"},
                                                                         {0x85, "\\N"},
                                                                         {0xA0, "\\_"},
                                                                         {0x2028, "\\L"},
                                                                         {0x2029, "\\P"}}};
  while (!text.empty()) {
    const auto [code, bytes] = first_code_point(text);
    const char32_t wanted = code;
    const auto* name = std::find_if(names.begin(), names.end(),
                                    [&](const auto& entry) { return entry.first == wanted; });
    if (name != names.end()) {
      out += name->second;
    } else if (is_printable(code)) {
      out += text.substr(0, bytes);
    } else {
      out += code <= 0xFF ? fmt::format("\\x{:02X}", static_cast<unsigned>(code))
                          : fmt::format("\\u{:04X}", static_cast<unsigned>(code));
    }
    text.remove_prefix(bytes);
  }
}

}  // namespace reconcile::snapshot
