#include "reconcilers/snapshot/js_json.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>

#include "reconcilers/snapshot/js_text.h"

namespace reconcile::snapshot {
namespace {

constexpr int max_depth = 1000;

/// A recursive descent over RFC 8259. Every function leaves `ok_` false where the text is none.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Value> document() {
    Value value = parse(0);
    skip_space();
    if (!ok_ || at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }
  Value fail() {
    ok_ = false;
    return nullptr;
  }

  Value parse(int depth) {
    skip_space();
    if (depth > max_depth) return fail();
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return boost::json::string(string());
      case 't':
        return word("true", true);
      case 'f':
        return word("false", false);
      case 'n':
        return word("null", nullptr);
      default:
        return number();
    }
  }

  Value word(std::string_view text, Value value) {
    if (!text_.substr(at_).starts_with(text)) return fail();
    at_ += text.size();
    return value;
  }

  Value array(int depth) {
    boost::json::array items;
    ++at_;
    skip_space();
    if (take(']')) return items;
    do {
      items.push_back(parse(depth + 1));
      skip_space();
    } while (ok_ && take(','));
    return take(']') && ok_ ? Value(std::move(items)) : fail();
  }

  Value object(int depth) {
    boost::json::object members;
    ++at_;
    skip_space();
    if (take('}')) return members;
    do {
      skip_space();
      if (peek() != '"') return fail();
      const std::string name = string();
      skip_space();
      if (!take(':')) return fail();
      members[name] = parse(depth + 1);
      skip_space();
    } while (ok_ && take(','));
    return take('}') && ok_ ? Value(std::move(members)) : fail();
  }

  std::string string() {
    std::string out;
    ++at_;
    while (ok_) {
      if (at_ == text_.size() || static_cast<unsigned char>(peek()) < 0x20) {
        fail();
      } else if (take('"')) {
        break;
      } else if (take('\\')) {
        escape(out);
      } else {
        out += text_[at_++];
      }
    }
    return out;
  }

  void escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = at_ == text_.size() ? letters.npos : letters.find(peek());
    if (which != std::string_view::npos) {
      ++at_;
      out += meanings[which];
    } else if (take('u')) {
      unsigned code = four_digits();
      if (code >= 0xD800 && code <= 0xDBFF && text_.substr(at_).starts_with("\\u")) {
        const std::size_t back = at_;
        at_ += 2;
        const unsigned low = four_digits();
        if (low >= 0xDC00 && low <= 0xDFFF) {
          code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        } else {
          at_ = back;
        }
      }
      append_utf8(out, code);
    } else {
      fail();
    }
  }

  unsigned four_digits() {
    constexpr std::size_t count = 4;
    unsigned code = 0;
    const std::string_view digits = text_.substr(at_, count);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != count || read.ptr != digits.data() + count) fail();
    at_ += digits.size();
    return code;
  }

  Value number() {
    const std::size_t from = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (peek() >= '0' && peek() <= '9') ++at_;
      return at_ - first;
    };
    take('-');
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return fail();
    if (take('.') && digits() == 0) return fail();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (digits() == 0) return fail();
    }
    return normalised(js_number(text_.substr(from, at_ - from)).value_or(0));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

std::optional<Value> parse_js_json(std::string_view text) { return Parser(text).document(); }

void append_js_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view letters = "\"\\\b\f\n\r\t";
  constexpr std::string_view names = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    const std::size_t which = letters.find(c);
    if (which != std::string_view::npos) {
      out += '\\';
      out += names[which];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string js_json(const Value& value) {
  std::string text;
  append_js_json(text, value);
  return text;
}

void append_js_json(std::string& out, const Value& value) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.get_bool() ? "true" : "false";
  } else if (value.is_number()) {
    const double number = value.to_number<double>();
    if (std::isfinite(number)) {
      append_js_number(out, number);
    } else {
      out += "null";
    }
  } else if (value.is_string()) {
    append_js_json_string(out, text_of(&value));
  } else if (const auto* items = value.if_array()) {
    const char* separator = "[";
    for (const Value& item : *items) {
      out += std::exchange(separator, ",");
      append_js_json(out, item);
    }
    out += items->empty() ? "[]" : "]";
  } else {
    const char* separator = "{";
    for (const auto& member : value.get_object()) {
      out += std::exchange(separator, ",");
      append_js_json_string(out, member.key());
      out += ':';
      append_js_json(out, member.value());
    }
    out += value.get_object().empty() ? "{}" : "}";
  }
}

}  // namespace reconcile::snapshot
