#include "reconcilers/core/pattern.h"

#include <algorithm>

namespace reconcile {

bool matches(std::string_view pattern, std::string_view text, Wildcards wildcards) {
  const bool question = wildcards == Wildcards::StarAndQuestion;
  // Where the last * stood, and what it has swallowed so far: the only place to go back to.
  std::size_t star = std::string_view::npos;
  std::size_t swallowed = 0;
  std::size_t at = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      swallowed = i;
    } else if (at < pattern.size() &&
               (pattern[at] == text[i] || (question && pattern[at] == '?'))) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++swallowed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool matches_any(std::span<const std::string> patterns, std::string_view text) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return matches(pattern, text);
         });
}

}  // namespace reconcile
