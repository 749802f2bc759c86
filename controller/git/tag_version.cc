#include "controller/git/tag_version.h"

#include <algorithm>
#include <utility>

namespace reconcile::git {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string without_zeros(std::string_view number) {
  return std::string(number.substr(std::min(number.find_first_not_of('0'), number.size())));
}

// Of any length: a tag may name a date and a time.
std::weak_ordering compare_numbers(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

// Numbers come before words (semver.org, 11.4).
std::weak_ordering compare_parts(const std::string& a, const std::string& b) {
  const bool number_a = is_number(a);
  const bool number_b = is_number(b);
  if (number_a && number_b) return compare_numbers(without_zeros(a), without_zeros(b));
  if (number_a != number_b)
    return number_a ? std::weak_ordering::less : std::weak_ordering::greater;
  return a <=> b;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    parts.emplace_back(text.substr(0, dot));
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::optional<TagVersion> TagVersion::parse(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  TagVersion version;
  while (!text.empty() && is_digit(text.front())) {
    const auto end = std::ranges::find_if_not(text, is_digit);
    const auto size = static_cast<std::size_t>(end - text.begin());
    version.numbers_.push_back(without_zeros(text.substr(0, size)));
    text.remove_prefix(size);
    if (text.size() > 1 && text.front() == '.' && is_digit(text[1])) text.remove_prefix(1);
  }
  text = text.substr(0, text.find('+'));
  if (text.starts_with('-') || text.starts_with('.')) text.remove_prefix(1);
  version.before_ = split(text);
  return version;
}

std::weak_ordering TagVersion::operator<=>(const TagVersion& other) const {
  const std::size_t longest = std::max(numbers_.size(), other.numbers_.size());
  const auto number = [](const TagVersion& of, std::size_t i) {
    return i < of.numbers_.size() ? of.numbers_[i] : std::string();
  };
  for (std::size_t i = 0; i < longest; ++i) {
    if (const auto order = compare_numbers(number(*this, i), number(other, i)); order != 0)
      return order;
  }
  if (before_.empty() != other.before_.empty())
    return before_.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
  return std::lexicographical_compare_three_way(
      before_.begin(), before_.end(), other.before_.begin(), other.before_.end(), compare_parts);
}

std::string_view version_in(std::string_view tag, std::string_view pattern) {
  std::string_view literal = pattern.substr(0, pattern.find_first_of("*?["));
  while (!literal.empty() && (is_digit(literal.back()) || literal.back() == '.'))
    literal.remove_suffix(1);
  if (tag.starts_with(literal)) tag.remove_prefix(literal.size());
  while (!tag.empty() && !is_digit(tag.front())) tag.remove_prefix(1);
  return tag;
}

}  // namespace reconcile::git
