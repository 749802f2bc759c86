#pragma once

#include <string_view>

namespace reconcile {

/// Where a pass stands, for whoever watches it.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void entered(std::string_view stage) = 0;
};

}  // namespace reconcile
