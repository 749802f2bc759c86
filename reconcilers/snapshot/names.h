#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconcile::snapshot {

/// NAMEDATALEN - 1, in bytes: beyond it PostgreSQL cuts a name.
inline constexpr std::size_t longest_name = 63;

/// The name Directus generates for an index or a constraint of one column: kind is "unique",
/// "index" or "foreign". Lower case, `.` and `-` as `_`, and beyond the limit (60 for foreign, else
/// 63) shortened with a hash. Source: Directus 11.6.1, measured (getDefaultIndexName).
std::string generated_name(std::string_view kind, std::string_view table, std::string_view column);

}  // namespace reconcile::snapshot
