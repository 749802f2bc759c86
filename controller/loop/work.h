#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/loop/schedule.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/policy/promotion.h"
#include "reconcilers/policy/rollout.h"
#include "reconcilers/ports/leadership.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::loop {

/// How a pass is to be made.
struct PassOrder {
  bool leads = false;  ///< otherwise it only looks
  std::optional<Fence> fence = {};
  bool tells_others = false;  ///< other replicas lead targets that wait for this one
  std::vector<Hold> gates = {};
  std::string revision = {};  ///< the commit that the gates are about; empty: the newest
  bool promoted = false;      ///< that commit comes from the target that this one follows
  bool followed = false;      ///< its report has to tell its stays
};

/// One target, as far as the loop has to know it.
struct LoopTarget {
  std::string name;
  std::string environment = {};
  std::string fleet = {};
  std::string repository;  ///< key of what is polled for it
  std::string home;        ///< key of the database whose session holds its lease
  Rhythm rhythm = {};
  std::vector<std::string> depends_on = {};  ///< targets, or fleets
  policy::Following follows = {};            ///< without a name: it follows git itself

  /// Whether a revision waits for others: then it is made known before a pass begins, and the pass
  /// is about no other one.
  bool goes_in_turn = false;
};

/// Targets that are looked up.
struct LoopFleet {
  std::string name;
  policy::Rollout rollout;
};

/// Everything that blocks. The loop calls it on worker threads, for several targets at once, and
/// never for the same one twice at once. Never throws.
class Work {
 public:
  virtual ~Work() = default;
  virtual PassReport make_pass(const std::string& target, const PassOrder& order) = 0;
  /// Brings what is known of a repository up to date; the text is another one whenever something
  /// has changed there.
  virtual Result<std::string> poll(const std::string& repository) = 0;
  virtual Result<std::unique_ptr<Leadership>> open_home(const std::string& home) = 0;
  /// The targets that a fleet has now.
  virtual Result<std::vector<LoopTarget>> discover(const std::string& fleet) = 0;
};

/// All that a configuration comes to. A new one takes the place of the old one as a whole; what was
/// begun with the old one is finished with it.
struct Setup {
  std::vector<LoopTarget> targets;
  std::vector<LoopFleet> fleets = {};
  Rhythm polls = {};   ///< of each repository
  Rhythm leases = {};  ///< how often a home is looked at: a lease changes hands within two of these
  std::shared_ptr<Work> work;
};

}  // namespace reconcile::loop
