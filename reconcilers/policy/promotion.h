#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reconcilers/core/plan.h"
#include "reconcilers/core/stay.h"
#include "reconcilers/status/standing.h"

namespace reconcile::policy {

/// One target that another one follows, as far as it is known now.
struct Followed {
  std::string name;
  std::string wrong;            ///< what it is, where it is not as it should be: "failed", "held"
  std::span<const Stay> stays;  ///< newest first; none where nothing is known
};

/// Whether nothing may come from a target to those that follow it: it has failed, cannot be
/// reached, is held, or has drifted. One that waits for its window, or is suspended, is as it
/// should be.
bool is_wrong_to_follow(const Standing& standing);

/// Who is followed, and for how long a commit has to be there.
struct Following {
  std::string name;  ///< of a target, or of a fleet
  std::chrono::milliseconds soak{0};
};

/// What comes from there to who follows.
struct Promotion {
  /// The newest commit that each of them has had for long enough; empty where there is none, or
  /// where one of them is not as it should be.
  std::string commit;
  /// Why the newest commit of git does not come yet; nothing where it does.
  std::optional<Hold> waits;
  /// When one that is newer than `commit` comes, if nothing else happens.
  std::optional<std::chrono::system_clock::time_point> next;
};

/// A commit has been there for long enough when it was the live one for the time of the soak: what
/// was replaced earlier was mended, perhaps, and does not come. What replaced it without changing
/// anything does not count. Where somebody has gone back, nothing of before counts.
Promotion promote(const Following& following, std::span<const Followed> followed,
                  std::string_view newest, std::chrono::system_clock::time_point now);

}  // namespace reconcile::policy
