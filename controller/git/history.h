#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "controller/git/mirror.h"
#include "controller/git/references.h"
#include "reconcilers/core/revision.h"

namespace reconcile::git {

/// See Source for what these three mean.
Ancestry ancestry(Mirror& mirror, std::string_view base, const git_oid& candidate);
std::vector<Revision> between(Mirror& mirror, std::string_view base, const git_oid& candidate,
                              std::size_t limit);
std::vector<std::string> roots(Mirror& mirror, const git_oid& revision);

/// The newest commits that branches lead to, at most `limit`; in a shallow history too.
std::vector<git_oid> newest_commits(const Objects& objects, const References& references,
                                    std::size_t limit);

}  // namespace reconcile::git
