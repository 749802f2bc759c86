#pragma once

#include <map>
#include <string>
#include <vector>

#include "controller/git/objects.h"

namespace reconcile::git {

/// Branches, tags and HEAD of a repository at one moment.
struct References {
  std::map<std::string, git_oid> tips;  ///< by full name: refs/heads/main
  std::string head;                     ///< the branch that HEAD names; it need not exist
  std::optional<git_oid> detached;      ///< where HEAD names a commit instead

  std::vector<git_oid> ids() const;
};

References references_of(const Objects& repository);

/// Makes branches, tags and HEAD of `repository` equal to `wanted`. The objects are there already.
void write_references(const Objects& repository, const References& wanted);

}  // namespace reconcile::git
