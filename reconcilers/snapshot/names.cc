#include "reconcilers/snapshot/names.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

namespace reconcile::snapshot {
namespace {

/// Java's string hash on 32 bits, as Directus uses it.
std::string simple_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (const char c : text) hash = 31U * hash + static_cast<unsigned char>(c);
  const auto value = static_cast<std::int64_t>(static_cast<std::int32_t>(hash));
  return fmt::format("{:x}", std::abs(value));
}

}  // namespace

std::string generated_name(std::string_view kind, std::string_view table, std::string_view column) {
  const std::size_t limit = kind == "foreign" ? 60 : 63;
  std::string name = fmt::format("{}_{}_{}", table, column, kind);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i < table.size() && (name[i] == '.' || name[i] == '-')) name[i] = '_';
    if (name[i] >= 'A' && name[i] <= 'Z') name[i] = static_cast<char>(name[i] - 'A' + 'a');
  }
  if (name.size() <= limit) return name;
  const std::string suffix = fmt::format("__{}_{}", simple_hash(name), kind);
  return name.substr(0, limit - suffix.size()) + suffix;
}

}  // namespace reconcile::snapshot
