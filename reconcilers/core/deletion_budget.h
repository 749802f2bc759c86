#pragma once

#include <cstdint>
#include <optional>

namespace reconcile {

/// The most that one pass may remove without `reconcile approve`, whatever commit messages allow.
/// Nothing means no limit.
struct DeletionBudget {
  /// Tables and columns. In the incident this program was made for, five tables went at once.
  std::optional<std::uint64_t> objects = 3;
  /// In all of them together, as far as they could be counted.
  std::optional<std::uint64_t> rows = 10'000;
};

}  // namespace reconcile
