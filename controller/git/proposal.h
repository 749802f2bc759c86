#pragma once

#include <string>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/revision.h"

namespace reconcile::git {

/// A commit to be reviewed before it goes anywhere.
struct Proposal {
  std::string branch;  ///< that is made for it
  std::string parent;  ///< full id
  std::string message;
  std::vector<File> files;  ///< path and text: what changes from the parent
};

/// Writes it into the repository itself, on a branch of its own, and returns its id. A branch that
/// exists is never moved; working tree, index and HEAD stay as they are. The author is the one that
/// git's configuration names there.
Result<std::string> propose(const std::string& repository, const Proposal& proposal);

}  // namespace reconcile::git
