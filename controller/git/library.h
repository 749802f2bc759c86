#pragma once

namespace reconcile::git {

/// Starts libgit2 and sets its limits, the first time it is called in a process.
void start_library();

}  // namespace reconcile::git
