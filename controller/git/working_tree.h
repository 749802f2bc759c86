#pragma once

#include <string>
#include <vector>

#include "controller/git/location.h"

namespace reconcile::git {

/// Paths below `folders` that differ from HEAD or are untracked, sorted. Empty for a bare
/// repository and where anything goes wrong: this is for a note, and no note is better than no
/// pass.
std::vector<std::string> uncommitted(const Location& location,
                                     const std::vector<std::string>& folders);

}  // namespace reconcile::git
