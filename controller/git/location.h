#pragma once

#include <filesystem>
#include <string>

#include "controller/git/handle.h"
#include "controller/git/objects.h"

namespace reconcile::git {

/// A repository on this machine.
struct Location {
  std::string shown;               ///< as a person gave it, for messages
  std::filesystem::path gitdir;    ///< canonical; of the worktree where it is a linked one
  std::filesystem::path worktree;  ///< the top of the working tree; empty for a bare repository
  std::filesystem::path shallow;   ///< the file that lists where a shallow history is cut off
};

/// Looks upward from a path like git does; a file:// URL names exactly one repository, like a
/// remote of git does.
Location locate(const std::string& repository);

/// Anew at every call: packs, references and even the repository may have been replaced.
RepositoryHandle open(const Location& location);

/// The same with its working tree, which the git folder alone may not know (--separate-git-dir).
RepositoryHandle open_worktree(const Location& location);

/// The text of the file `shallow`; empty for a complete history.
std::string shallow_text(const std::filesystem::path& file);

}  // namespace reconcile::git
