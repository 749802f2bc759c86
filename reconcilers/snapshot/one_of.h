#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace reconcile::snapshot {

/// Whether the text is one of these words.
inline bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

}  // namespace reconcile::snapshot
