#include "reconcilers/snapshot/yaml_writer.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>

#include "reconcilers/snapshot/js_text.h"
#include "reconcilers/snapshot/yaml_text.h"

namespace reconcile::snapshot {
namespace {

constexpr int step = 2;
constexpr int line_width = 80;
constexpr int least_width = 40;
constexpr std::size_t longest_key = 1024;

bool may_begin_plain(char32_t code) {
  constexpr std::string_view indicators = "-?:,[]{}#&*!|=>'\"%@`";
  if (code < 0x80) {
    return code > 0x20 && code != 0x7F &&
           indicators.find(static_cast<char>(code)) == std::string_view::npos;
  }
  return is_printable(code);
}

/// js-yaml's isPlainSafe inside a block, for printable characters: a colon has to be followed by
/// something, a hash has to follow something.
bool stays_plain(char32_t code, char32_t previous) {
  if (code == '#') return previous != 0 && previous != ' ';
  return previous != ':' || code != ' ';
}

bool needs_indent_indicator(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\n');
  return first != std::string_view::npos && text[first] == ' ';
}

/// Keeps, clips or strips the newlines at the end.
std::string_view chomping(std::string_view text) {
  if (text.back() != '\n') return "-";
  return text == "\n" || text.ends_with("\n\n") ? "+" : "";
}

void append_number(std::string& out, double number) {
  if (std::isnan(number)) {
    out += ".nan";
  } else if (std::isinf(number)) {
    out += number > 0 ? ".inf" : "-.inf";
  } else if (number == 0 && std::signbit(number)) {
    out += "-0.0";
  } else {
    const std::size_t from = out.size();
    append_js_number(out, number);
    // YAML wants a point in what is not whole.
    const std::size_t mark = out.find('e', from);
    const bool whole = std::trunc(number) == number;
    if (!whole && mark != std::string::npos && out.find('.', from) == std::string::npos)
      out.insert(mark, ".");
  }
}

}  // namespace

void YamlWriter::document(const Value& value) {
  node(0, value, true);
  end();
}

void YamlWriter::member(int level, std::string_view name, const Value& value, bool first) {
  const bool explicit_pair = key(level, name, first);
  const auto* array = value.if_array();
  const auto* object = value.if_object();
  const bool nested =
      (array != nullptr && !array->empty()) || (object != nullptr && !object->empty());
  out_ += nested && !explicit_pair ? ":" : ": ";
  node(level + 1, value, explicit_pair);
}

void YamlWriter::open(int level, std::string_view name, bool first) {
  key(level, name, first);
  out_ += ':';
}

void YamlWriter::item(int level) {
  next_line(level);
  out_ += "- ";
}

void YamlWriter::next_line(int level) {
  out_ += '\n';
  out_.append(static_cast<std::size_t>(level * step), ' ');
}

/// True where the key is so long that it stands on its own, with a question mark.
bool YamlWriter::key(int level, std::string_view name, bool first) {
  if (!first) next_line(level);
  const std::size_t from = out_.size();
  scalar(level + 1, name, true);
  if (out_.size() - from <= longest_key) return false;
  std::size_t units = 0;
  for (std::size_t i = from; i < out_.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out_[i]);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0 ? 2 : 1;
  }
  if (units <= longest_key) return false;
  out_.insert(from, "? ");
  next_line(level);
  return true;
}

void YamlWriter::node(int level, const Value& value, bool compact) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out_ += "null";
      break;
    case boost::json::kind::bool_:
      out_ += value.get_bool() ? "true" : "false";
      break;
    case boost::json::kind::int64:
      out_ += std::to_string(value.get_int64());
      break;
    case boost::json::kind::uint64:
      append_number(out_, static_cast<double>(value.get_uint64()));
      break;
    case boost::json::kind::double_:
      append_number(out_, value.get_double());
      break;
    case boost::json::kind::string:
      scalar(level, text_of(&value), false);
      break;
    case boost::json::kind::array:
      if (value.get_array().empty()) out_ += "[]";
      for (const Value& entry : value.get_array()) {
        if (!compact) next_line(level);
        compact = false;
        out_ += "- ";
        node(level + 1, entry, true);
      }
      break;
    case boost::json::kind::object:
      if (value.get_object().empty()) out_ += "{}";
      for (const auto& entry : value.get_object()) {
        member(level, entry.key(), entry.value(), compact);
        compact = false;
      }
      break;
  }
}

void YamlWriter::scalar(int level, std::string_view text, bool is_key) {
  if (text.empty()) {
    out_ += "''";
    return;
  }
  if (is_deprecated_syntax(text)) {
    out_ += '\'';
    out_ += text;
    out_ += '\'';
    return;
  }
  const int indent = step * std::max(1, level);
  const auto width = static_cast<std::size_t>(std::max(least_width, line_width - indent));
  switch (style_of(text, is_key, width)) {
    case Style::Plain:
      out_ += text;
      break;
    case Style::Single:
      out_ += '\'';
      for (const char c : text) {
        if (c == '\'') out_ += c;
        out_ += c;
      }
      out_ += '\'';
      break;
    case Style::Literal:
      block(text, text, indent, '|');
      break;
    case Style::Folded:
      block(text, folded(text, width), indent, '>');
      break;
    case Style::Double:
      out_ += '"';
      append_escaped(out_, text);
      out_ += '"';
      break;
  }
}

YamlWriter::Style YamlWriter::style_of(std::string_view text, bool single_line,
                                       std::size_t width) const {
  bool plain = may_begin_plain(first_code_point(text).code) && text.back() != ' ' &&
               text.back() != '\t' && text.back() != ':';
  bool line_break = false;
  bool foldable = false;
  std::size_t line_units = 0;
  bool line_indented = text.front() == ' ';
  char32_t previous = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const CodePoint at = byte < 0x80 ? CodePoint{byte, 1} : first_code_point(text.substr(i));
    const char32_t code = at.code;
    i += at.bytes;
    if (code == '\n' && !single_line) {
      line_break = true;
      foldable = foldable || (line_units > width && !line_indented);
      line_units = 0;
      line_indented = i < text.size() && text[i] == ' ';
      plain = false;
    } else {
      if (!is_printable(code)) return Style::Double;
      line_units += code >= 0x10000 ? 2 : 1;
      plain = plain && stays_plain(code, previous);
    }
    previous = code;
  }
  foldable = !single_line && (foldable || (line_units > width && !line_indented));
  if (line_break || foldable) return foldable ? Style::Folded : Style::Literal;
  const bool underscores = numbers_ == YamlNumbers::Underscored;
  return plain && !resolves_to_other_type(text, underscores) ? Style::Plain : Style::Single;
}

/// `text` decides about the header, `body` is what is written.
void YamlWriter::block(std::string_view text, std::string_view body, int indent, char mark) {
  out_ += mark;
  if (needs_indent_indicator(text)) out_ += std::to_string(step);
  out_ += chomping(text);
  out_ += '\n';
  if (body.ends_with('\n')) body.remove_suffix(1);
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    if (end > 0) out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += body.substr(0, end);
    if (end == body.size()) break;
    out_ += '\n';
    body.remove_prefix(end + 1);
  }
}

}  // namespace reconcile::snapshot
