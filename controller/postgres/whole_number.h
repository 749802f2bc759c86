#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace reconcile::postgres {

/// Nothing unless all of `text` is one decimal number that fits.
inline std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace reconcile::postgres
