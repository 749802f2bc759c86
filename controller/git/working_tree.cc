#include "controller/git/working_tree.h"

#include <git2.h>

#include <set>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

StatusListHandle status_of(git_repository* repository, const std::vector<std::string>& folders) {
  std::vector<char*> paths;
  paths.reserve(folders.size());
  for (const std::string& folder : folders) paths.push_back(const_cast<char*>(folder.c_str()));
  git_status_options options;
  git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
  options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                  GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
  options.pathspec = {paths.data(), paths.size()};
  return acquire<StatusListHandle>(
      [&](git_status_list** out) { return git_status_list_new(out, repository, &options); },
      [](int code) { return failed_call(Blame::Source, code, "", "", ""); });
}

void note(std::set<std::string>& paths, const git_diff_delta* delta) {
  if (delta == nullptr) return;
  if (delta->old_file.path != nullptr) paths.insert(delta->old_file.path);
  if (delta->new_file.path != nullptr) paths.insert(delta->new_file.path);
}

}  // namespace

std::vector<std::string> uncommitted(const Location& location,
                                     const std::vector<std::string>& folders) try {
  if (folders.empty() || location.worktree.empty()) return {};
  const RepositoryHandle repository = open_worktree(location);
  const StatusListHandle list = status_of(repository.get(), folders);
  std::set<std::string> paths;
  for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
    const git_status_entry* entry = git_status_byindex(list.get(), i);
    if (entry->status == GIT_STATUS_CURRENT || entry->status == GIT_STATUS_IGNORED) continue;
    note(paths, entry->head_to_index);
    note(paths, entry->index_to_workdir);
  }
  return {paths.begin(), paths.end()};
} catch (const std::exception&) {
  return {};
}

}  // namespace reconcile::git
