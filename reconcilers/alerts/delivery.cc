#include "reconcilers/alerts/delivery.h"

#include <array>

namespace reconcile::alerts {

std::string_view name_of(Occasion occasion) {
  constexpr std::array<std::string_view, 5> names{"firing", "changed", "reminder", "resolved",
                                                  "event"};
  return names.at(static_cast<std::size_t>(occasion));
}

std::string_view name_of(CommitState state) {
  constexpr std::array<std::string_view, 4> names{"pending", "success", "failure", "error"};
  return names.at(static_cast<std::size_t>(state));
}

}  // namespace reconcile::alerts
