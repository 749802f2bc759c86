#include "controller/git/library.h"

#include <git2.h>

#include <array>
#include <cstddef>

namespace reconcile::git {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

// A pass over an unchanged repository has to stay small, and a mirror that grew for a year has
// thousands of packs: both want windows over files rather than whole files, and few of them open.
void bound_memory() {
  git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(4 * kMebibyte));
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, kMebibyte);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, 16 * kMebibyte);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, std::size_t{64});
}

// Git refuses a repository that belongs to another user, because hooks, filters, fsmonitor and
// pagers named in its config would run with our rights. Nothing of the kind can run here: libgit2
// executes no hook and no configured program, and this adapter only reads objects, references and
// file states. A controller that runs as root over somebody's clone, or unprivileged over a mounted
// one, is the ordinary case.
void read_repositories_of_other_users() { git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0); }

// Both say something about working trees and about pruning, neither about how objects are stored,
// so that reading a repository which has them is safe. `git sparse-checkout` sets the first one.
void accept_harmless_extensions() {
  std::array<const char*, 2> extensions = {"worktreeconfig", "preciousobjects"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
}

// A mirror should survive a power cut; it is written only when something is new.
void write_through() { git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1); }

bool start() {
  git_libgit2_init();
  bound_memory();
  read_repositories_of_other_users();
  accept_harmless_extensions();
  write_through();
  return true;
}

}  // namespace

void start_library() {
  // Never shut down: sources of several workers come and go, and the process's end frees it all.
  [[maybe_unused]] static const bool started = start();
}

}  // namespace reconcile::git
