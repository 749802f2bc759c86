#pragma once

#include <span>
#include <string>
#include <string_view>

namespace reconcile {

/// What stands for something else in a pattern.
enum class Wildcards {
  Star,             ///< `*` for any text
  StarAndQuestion,  ///< and `?` for any one byte
};

/// Everything but the wildcards stands for itself. Takes at most the product of the lengths.
bool matches(std::string_view pattern, std::string_view text,
             Wildcards wildcards = Wildcards::Star);

/// Whether one of them does; where there are none, everything matches.
bool matches_any(std::span<const std::string> patterns, std::string_view text);

}  // namespace reconcile
