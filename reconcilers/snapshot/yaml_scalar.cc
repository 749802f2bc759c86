#include "reconcilers/snapshot/yaml_scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "reconcilers/snapshot/one_of.h"

namespace reconcile::snapshot {
namespace {

std::optional<std::int64_t> integer(std::string_view digits, int base, bool negative) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || rest != end || error != std::errc()) return std::nullopt;
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  const auto value = static_cast<std::int64_t>(number);
  return negative ? -value : value;
}

bool looks_like_float(std::string_view text) {
  bool digit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digit = true;
    } else if (c == 'e' || c == 'E') {
      if (!digit || i + 1 == text.size()) return false;
      if (text[i + 1] == '+' || text[i + 1] == '-') ++i;
      if (i + 1 == text.size()) return false;
      return text.find_first_not_of("0123456789", i + 1) == std::string_view::npos;
    } else if (c != '.') {
      return false;
    }
  }
  return digit && text.find('.') == text.rfind('.');
}

/// What every js-yaml writes as a number. 4.1 also reads 1_000 and 1e999 as numbers, but quotes
/// them where they are text, and 4.3 reads and writes them as text: bare, they are text.
std::optional<Value> number(std::string_view text) {
  const bool negative = text.front() == '-';
  std::string_view digits = text;
  if (negative || text.front() == '+') digits.remove_prefix(1);
  if (digits.empty()) return std::nullopt;
  const bool is_signed = digits.size() != text.size();
  if (one_of(digits, {".inf", ".Inf", ".INF"})) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  constexpr std::array<std::pair<std::string_view, int>, 3> bases{
      {{"0x", 16}, {"0o", 8}, {"0b", 2}}};
  for (const auto& [prefix, base] : bases) {
    if (!digits.starts_with(prefix)) continue;
    if (const auto value = integer(digits.substr(2), base, negative)) return normalised(*value);
    return std::nullopt;
  }
  if (const auto value = integer(digits, 10, negative)) return normalised(*value);
  // js-yaml takes .5 for a number, and -.5 for text.
  if (!looks_like_float(digits) || (is_signed && digits.front() == '.')) return std::nullopt;
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return normalised(Value(value));
}

}  // namespace

Value resolve_plain(std::string_view text) {
  if (text.empty() || one_of(text, {"~", "null", "Null", "NULL"})) return nullptr;
  if (one_of(text, {"true", "True", "TRUE"})) return true;
  if (one_of(text, {"false", "False", "FALSE"})) return false;
  if (one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  const char first = text.front();
  if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') {
    if (auto value = number(text)) return *value;
  }
  return boost::json::string(text);
}

}  // namespace reconcile::snapshot
