#pragma once

#include <chrono>

namespace reconcile {

/// Time, for the pass and for tests.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
};

}  // namespace reconcile
