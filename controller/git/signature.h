#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "controller/git/access.h"
#include "controller/git/objects.h"

namespace reconcile::git {

/// What is wrong with the signature of a commit, as the end of a sentence that begins with it;
/// nothing where it is good, or where none is asked for. As with git, a key has to be valid at the
/// time that the commit itself names. Throws a Failure where it cannot be told: a file or a program
/// is missing.
std::optional<std::string> signature_problem(const Objects& objects, const git_oid& commit,
                                             const Signatures& asked);

}  // namespace reconcile::git
