#include "reconcilers/alerts/alert.h"

#include <fmt/format.h>

#include <array>

namespace reconcile::alerts {
namespace {

/// Percent-encodes whatever is not plain, so that a part fits into a key and into an address.
std::string encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == ':';
    if (plain) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

}  // namespace

std::string_view name_of(Condition condition) {
  constexpr std::array<std::string_view, conditions> names{"failed",  "unknown", "needs-approval",
                                                           "held",    "drifted", "stale-instance",
                                                           "applied", "healed"};
  return names.at(static_cast<std::size_t>(condition));
}

std::string_view name_of(Severity severity) {
  constexpr std::array<std::string_view, 3> names{"info", "warning", "critical"};
  return names.at(static_cast<std::size_t>(severity));
}

bool is_event(Condition condition) { return condition >= Condition::Applied; }

std::string key_of(std::string_view target, Condition condition, std::string_view reason,
                   std::string_view object) {
  std::string key = fmt::format("{}/{}", encoded(target), name_of(condition));
  for (const std::string_view part : {reason, object}) {
    if (!part.empty()) key += "/" + encoded(part);
  }
  return key;
}

std::string path_of(std::string_view target) { return "/targets/" + encoded(target); }

}  // namespace reconcile::alerts
