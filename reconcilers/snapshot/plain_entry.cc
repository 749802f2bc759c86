#include "reconcilers/snapshot/plain_entry.h"

#include <algorithm>
#include <string>

#include "reconcilers/snapshot/yaml_scalar.h"

namespace reconcile::snapshot {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// What stands for itself anywhere within a word, whatever stands beside it.
bool is_harmless(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ' ' ||
         c == '(' || c == ')';
}

bool is_harmless_key(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

/// A walk over the lines of one entry.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) { next(); }

  bool done() const { return done_; }
  /// How deep the line is, and what it says from there.
  std::size_t indent() const { return indent_; }
  std::string_view text() const { return text_; }

  void next() {
    done_ = rest_.empty();
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    indent_ = std::min(line.find_first_not_of(' '), line.size());
    text_ = line.substr(indent_);
  }
  /// "- key: value" is a line of a mapping, two deeper.
  bool enter_item() {
    if (!text_.starts_with("- ")) return false;
    text_.remove_prefix(2);
    indent_ += 2;
    return true;
  }

 private:
  std::string_view rest_;
  std::string_view text_;
  std::size_t indent_ = 0;
  bool done_ = false;
};

std::optional<Value> list(Lines& lines, std::size_t indent) {
  boost::json::array items;
  while (!lines.done() && lines.indent() == indent && lines.text().starts_with("- ")) {
    auto item = read_plain_word(lines.text().substr(2));
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
    lines.next();
  }
  if (items.empty()) return std::nullopt;
  return Value(std::move(items));
}

constexpr std::size_t deepest = 8;  // of an entry's own mappings: the entry, meta and schema

std::optional<Value> mapping(Lines& lines, std::size_t indent) {
  boost::json::object members;
  while (!lines.done() && lines.indent() == indent) {
    const std::size_t colon = lines.text().find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view key = lines.text().substr(0, colon);
    const std::string_view rest = lines.text().substr(colon + 1);
    if (!is_harmless_key(key)) return std::nullopt;
    std::optional<Value> value;
    if (!rest.empty()) {
      if (rest.size() < 2 || rest.front() != ' ') return std::nullopt;
      value = read_plain_word(rest.substr(1));
      lines.next();
    } else {
      lines.next();
      if (lines.done() || lines.indent() != indent + 2 || indent >= deepest) return std::nullopt;
      value = lines.text().starts_with("- ") ? list(lines, indent + 2) : mapping(lines, indent + 2);
    }
    if (!value || !members.emplace(key, std::move(*value)).second) return std::nullopt;
  }
  return Value(std::move(members));
}

}  // namespace

std::optional<Value> read_plain_word(std::string_view text) {
  if (text == "[]") return Value(boost::json::array());
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    const std::string_view inner = text.substr(1, text.size() - 2);
    const bool simple =
        std::ranges::all_of(inner, [](char c) { return c >= ' ' && c <= '~' && c != '\''; });
    return simple ? std::optional<Value>(boost::json::string(inner)) : std::nullopt;
  }
  if (text.empty() || text.back() == ' ' || !std::ranges::all_of(text, is_harmless))
    return std::nullopt;
  // A dash or a full stop in front begins other things too: a list, a number, the end of the text.
  const bool number = text.front() == '-' && text.size() > 1 && text[1] >= '0' && text[1] <= '9';
  const bool word = is_letter_or_digit(text.front()) || text.front() == '_' ||
                    text.front() == '/' || text.front() == '(';
  if (!number && !word) return std::nullopt;
  return resolve_plain(text);
}

std::optional<Value> read_plain_entry(std::string_view text) {
  Lines lines(text);
  if (lines.done() || lines.indent() != 2 || !lines.enter_item()) return std::nullopt;
  auto entry = mapping(lines, lines.indent());
  if (!lines.done()) return std::nullopt;
  return entry;
}

}  // namespace reconcile::snapshot
