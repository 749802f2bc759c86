#pragma once

#include <string>
#include <vector>

#include "controller/git/git_source.h"
#include "controller/git/objects.h"
#include "reconcilers/core/revision.h"

namespace reconcile::git {

/// The regular files below `folders` in the commit, sorted by path. See Source::read.
FileTree read_tree(const Objects& objects, const git_oid& commit,
                   const std::vector<std::string>& folders, const Limits& limits);

/// The same without their text.
FileTree list_tree(const Objects& objects, const git_oid& commit,
                   const std::vector<std::string>& folders, const Limits& limits);

}  // namespace reconcile::git
