#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reconcilers/core/result.h"

namespace reconcile::sql {

/// Larger files are not migrations; the limit also bounds what a hostile commit can cost.
inline constexpr std::size_t max_text_size = 16U << 20U;

/// Refuses what may not be handed to the parser: NUL bytes, invalid UTF-8, more than max_text_size.
Result<void> check_text(std::string_view text, std::string_view file);

/// The line, from 1, that holds the byte at `offset`.
int line_at(std::string_view text, std::size_t offset);

/// "file:line", or "line 3" for text that has no file.
std::string place(std::string_view file, int line);

/// The line that holds `offset`, and under it a caret. Long lines are cut around the caret.
std::string point_at(std::string_view text, std::size_t offset);

/// The byte offset of the character numbered `position`, from 1, as PostgreSQL counts in its
/// errors. A position behind the end, or none, is the end of the last line that holds something.
std::size_t byte_offset(std::string_view text, int position);

}  // namespace reconcile::sql
