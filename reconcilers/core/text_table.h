#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile {

/// The rows of one query as text, in one block of memory: what a catalog reader hands to the pure
/// code that interprets it.
class TextTable {
 public:
  struct Column {
    std::string name;
    std::uint32_t type = 0;  ///< PostgreSQL's type oid
  };

  TextTable() = default;
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Cells are added row by row, left to right.
  void add(std::optional<std::string_view> cell) {
    cells_.push_back({arena_.size(), cell ? static_cast<std::uint32_t>(cell->size()) : null});
    if (cell) arena_ += *cell;
  }

  std::size_t rows() const { return columns_.empty() ? 0 : cells_.size() / columns_.size(); }
  const std::vector<Column>& columns() const { return columns_; }

  /// The cell's text, empty for NULL. The view lives as long as the table is not added to.
  std::optional<std::string_view> at(std::size_t row, std::size_t column) const {
    const Cell& cell = cells_.at(row * columns_.size() + column);
    if (cell.size == null) return std::nullopt;
    return std::string_view(arena_).substr(cell.offset, cell.size);
  }
  std::string_view text(std::size_t row, std::size_t column) const {
    return at(row, column).value_or(std::string_view());
  }
  bool truth(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }
  /// A whole number; 0 for anything else.
  std::int64_t number(std::size_t row, std::size_t column) const {
    const std::string_view digits = text(row, column);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

 private:
  static constexpr std::uint32_t null = 0xffffffffU;
  struct Cell {
    std::size_t offset;
    std::uint32_t size;
  };
  std::vector<Column> columns_;
  std::vector<Cell> cells_;
  std::string arena_;
};

}  // namespace reconcile
