#pragma once

#include <string>

#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

/// Who looks at a page, and when. What they may not do is not offered.
struct Viewer {
  WallTime now{};
  std::string actor = {};    ///< empty where nobody has signed in
  std::string csrf = {};     ///< goes into every form that acts, as `csrf`
  bool may_operate = false;  ///< look again, suspend, resume, heal, restore
  bool may_approve = false;
  bool may_sign_in = false;  ///< there are tokens, so the bar has a way to sign in
  std::string stream =
      "/api/v1/events";  ///< where events come from; empty: the page stays as it is
};

}  // namespace reconcile::dashboard
