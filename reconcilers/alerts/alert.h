#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "reconcilers/status/target_status.h"

namespace reconcile::alerts {

/// What somebody should hear of. The first ones last until they are resolved, the others happen.
enum class Condition {
  Failed,
  Unknown,
  NeedsApproval,
  Held,
  Drifted,
  StaleInstance,  ///< a Directus that works with an old schema
  Applied,        ///< another revision is live
  Healed,         ///< what had drifted is as git made it again
};
inline constexpr std::size_t conditions = 8;

enum class Severity { Info, Warning, Critical };

std::string_view name_of(Condition condition);  ///< "needs-approval"
std::string_view name_of(Severity severity);    ///< "warning"
/// Whether it has no end that could be told.
bool is_event(Condition condition);

/// One thing about one target. Alerts of the same key are the same alert: it holds what the thing
/// is, and neither times, nor counters, nor (where it lasts) commits.
struct Alert {
  std::string key;
  Condition condition = Condition::Failed;
  Severity severity = Severity::Warning;
  std::string target;
  std::string environment;
  std::string reason;    ///< stage of a failure, reason code of a hold; otherwise empty
  std::string object;    ///< "index public.x"; empty where it is about the whole target
  std::string sentence;  ///< what page and terminal say as well
  std::string commit;    ///< that it is about; may be empty
  std::string subject;   ///< of that commit
  WallTime started{};
  std::string path;  ///< on the dashboard: "/targets/prod"

  bool operator==(const Alert&) const = default;
};

/// The key of an alert: parts with slashes between, in which nothing can pass for another.
std::string key_of(std::string_view target, Condition condition, std::string_view reason,
                   std::string_view object);

/// Where the dashboard shows a target.
std::string path_of(std::string_view target);

}  // namespace reconcile::alerts
