#include "controller/loop/board.h"

#include <algorithm>

namespace reconcile::loop {

std::vector<TargetStatus> Board::all() const {
  std::vector<TargetStatus> list;
  {
    const std::scoped_lock lock(mutex_);
    list.reserve(statuses_.size());
    for (const auto& [name, status] : statuses_) list.push_back(status);
  }
  std::ranges::sort(list, worse_first);
  return list;
}

std::optional<TargetStatus> Board::find(std::string_view target) const {
  const std::scoped_lock lock(mutex_);
  const auto found = statuses_.find(target);
  if (found == statuses_.end()) return std::nullopt;
  return found->second;
}

void Board::put(TargetStatus status) {
  const std::scoped_lock lock(mutex_);
  std::string name = status.target;
  statuses_.insert_or_assign(std::move(name), std::move(status));
}

void Board::change(std::string_view target, const std::function<void(TargetStatus&)>& change) {
  const std::scoped_lock lock(mutex_);
  const auto found = statuses_.find(target);
  if (found != statuses_.end()) change(found->second);
}

void Board::remove(std::string_view target) {
  const std::scoped_lock lock(mutex_);
  const auto found = statuses_.find(target);
  if (found != statuses_.end()) statuses_.erase(found);
}

}  // namespace reconcile::loop
