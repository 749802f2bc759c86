#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/dashboard/html.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

std::optional<WallTime> parse_iso(std::string_view text);  ///< seconds and fractions may be missing
std::string exact(WallTime time);                          ///< "3 Jan 2026 14:02:11 UTC"
std::string length(std::chrono::milliseconds duration);    ///< "90 ms", "2.1 s", "3 min", "2 d"

/// "12 s ago", "in 40 s"; exact for what is further than a month away, and in its title.
/// "never" for the epoch. The page's script keeps it up to date.
Html relative(WallTime time, WallTime now);
/// The same for what the ledger writes; text that is no time is shown as it is.
Html relative(std::string_view time, WallTime now);
Html relative_seconds(std::int64_t epoch, WallTime now);

}  // namespace reconcile::dashboard
