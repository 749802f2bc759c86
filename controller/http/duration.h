#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

namespace reconcile::http {

/// "90s", "30m", "2h" or "7d"; nothing for anything else, and for more than ten years.
inline std::optional<std::chrono::seconds> duration_of(std::string_view text) {
  long long number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr long long most = 10LL * 366 * 86'400;
  if (code != std::errc() || number < 1 || number > most) return std::nullopt;
  long long factor = 0;
  if (unit == "s") factor = 1;
  if (unit == "m") factor = 60;
  if (unit == "h") factor = 3'600;
  if (unit == "d") factor = 86'400;
  if (factor == 0 || number > most / factor) return std::nullopt;
  return std::chrono::seconds(number * factor);
}

}  // namespace reconcile::http
