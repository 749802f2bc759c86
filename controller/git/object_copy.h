#pragma once

#include <string>
#include <vector>

#include "controller/git/objects.h"

namespace reconcile::git {

/// Copies what `tips` reach from one repository into another, as one pack that appears in it at
/// once. What the target has already is not copied again, so that a fetch with nothing new writes
/// nothing. (libgit2's own local fetch packs the trees of all annotated tags every time, and cannot
/// read a shallow repository.) `shallow` lists the commits whose parents the source lacks.
void copy_objects(const Objects& from, const Objects& to, const std::vector<git_oid>& tips,
                  const std::string& shallow);

/// Throws a Failure where `from` lacks something that `tips` reach and `to` does not have.
void check_complete(const Objects& from, const Objects& to, const std::vector<git_oid>& tips,
                    const std::string& shallow);

}  // namespace reconcile::git
