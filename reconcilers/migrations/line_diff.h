#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconcile::migrations {

/// What changed from one text to another, line by line in unified style: "@@ -3,4 +3,5 @@", then
/// lines marked ' ', '-' and '+'. Empty where no line differs. At most about `max_lines` lines,
/// after which the rest is counted. A carriage return is shown as \r, since it may be all that
/// differs.
std::string line_diff(std::string_view before, std::string_view after, std::size_t max_lines = 40);

}  // namespace reconcile::migrations
