#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/status/target_status.h"

namespace reconcile::loop {

/// What is known of each target now. Safe from any thread.
class Board {
 public:
  /// Worst first.
  std::vector<TargetStatus> all() const;
  std::optional<TargetStatus> find(std::string_view target) const;

  void put(TargetStatus status);
  /// Changes the one it has; does nothing where there is none.
  void change(std::string_view target, const std::function<void(TargetStatus&)>& change);
  void remove(std::string_view target);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, TargetStatus, std::less<>> statuses_;
};

}  // namespace reconcile::loop
