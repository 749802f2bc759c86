#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace reconcile::test {

/// Whether `holds` becomes true before `deadline` has passed; looked at again and again.
inline bool within(std::chrono::milliseconds deadline, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace reconcile::test
