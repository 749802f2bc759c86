#pragma once

#include <string>
#include <vector>

#include "reconcilers/migrations/plan.h"

namespace reconcile::migrations {

/// Whether a file that adopts objects has to be run in a database, or finds them there.
struct Judgement {
  bool in_place = false;                ///< all of them are as it says
  std::vector<ObjectIdentity> objects;  ///< which
  std::string conflict;                 ///< what speaks against both; empty where nothing does
  std::string next;                     ///< the way out then
};

/// An object waits to be made where the database has it as git made it last, or neither of them has
/// it. A file without such objects has to be run.
Judgement judge(const Migration& migration, const KnownObjects& known);

}  // namespace reconcile::migrations
