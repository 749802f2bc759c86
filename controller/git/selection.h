#pragma once

#include <string_view>

#include "controller/git/mirror.h"
#include "reconcilers/core/revision.h"

namespace reconcile::git {

/// The commit at the tip of `branch`, or of the branch that HEAD names when it is empty.
git_oid tip_of_branch(Mirror& mirror, std::string_view branch);

/// The commit that an id, an abbreviated id, a tag or a branch names.
git_oid commit_named(Mirror& mirror, std::string_view revision);

/// The commit of the highest version among the tags whose names match `pattern` (a glob of *, ?
/// and [a-z]; * takes slashes too). See TagVersion for the order; tags without a version do not
/// count.
git_oid highest_tag(Mirror& mirror, std::string_view pattern);

Revision revision_of(const Objects& objects, const git_oid& id);

}  // namespace reconcile::git
