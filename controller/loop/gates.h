#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/loop/work.h"
#include "reconcilers/policy/rollout.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::loop {

/// What a pass over a target is to be about now.
struct Turn {
  std::string revision;
  bool promoted = false;    ///< it comes from the target that this one follows
  std::vector<Hold> gates;  ///< why it may not be applied now
  /// When the target that this one follows will have had the next commit for long enough.
  std::optional<WallTime> next = {};
};

/// Which revision comes to a target now, and why not yet, although nothing about itself is against
/// it: another target comes first, its wave has not begun. Decides only.
class Gates {
 public:
  /// Targets and fleets that are not there any more are forgotten.
  void arrange(const std::map<std::string, LoopTarget>& targets,
               const std::vector<LoopFleet>& fleets);
  /// What a pass has made known; whether that may let others go on.
  bool saw(const TargetStatus& status);

  /// `newest` is what git has, `has` what the target has.
  Turn turn(const LoopTarget& target, const std::string& newest, const std::string& has,
            WallTime now);
  /// Whether others get their revisions from it.
  bool is_followed(const LoopTarget& target) const;
  /// Whether others wait for it in any way.
  bool is_waited_for(const LoopTarget& target) const;

 private:
  struct Place {
    std::string fleet;
    std::string at;      ///< the commit it has, where nothing is wrong there
    std::string failed;  ///< the commit that it failed at, or was held at
    std::string wrong;   ///< what it is, where nothing comes from it to others
    Stays stays;
  };

  policy::Promotion promotion(const policy::Following& following, const std::string& newest,
                              WallTime now) const;
  std::optional<Hold> behind_others(const LoopTarget& target, const std::string& candidate) const;
  std::optional<Hold> before_its_wave(const LoopTarget& target, const std::string& candidate);
  const policy::Clearance& clearance(const std::string& fleet, const std::string& candidate);
  bool is_there(std::string_view name, const std::string& candidate) const;

  std::map<std::string, Place, std::less<>> places_;
  std::set<std::string> followed_;                 ///< targets and fleets
  std::set<std::string, std::less<>> waited_for_;  ///< targets and fleets that others depend on
  std::map<std::string, policy::Rollout> rollouts_;
  /// By fleet and commit, until something changes in the fleet.
  std::map<std::pair<std::string, std::string>, policy::Clearance> clearances_;
};

}  // namespace reconcile::loop
