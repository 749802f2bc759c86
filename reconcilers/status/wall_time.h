#pragma once

#include <chrono>
#include <string>

namespace reconcile {

using WallTime = std::chrono::system_clock::time_point;

/// ISO 8601 in UTC, with seconds: "2026-11-22T04:05:06Z".
std::string iso_time(WallTime time);

}  // namespace reconcile
