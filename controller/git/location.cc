#include "controller/git/location.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/remote_address.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kFileUrl = "file://";
constexpr std::string_view kSayWhich =
    "pass --repo with a working tree, a bare repository, or the address of a remote one";

Failure refused(std::string where, std::string what, std::string why) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = std::move(where),
                                     .what = std::move(what),
                                     .why = std::move(why),
                                     .next = std::string(kSayWhich)});
}

std::filesystem::path path_of(const std::string& repository) {
  if (repository.empty()) return ".";
  if (repository.starts_with(kFileUrl)) {
    std::string_view rest = std::string_view(repository).substr(kFileUrl.size());
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    return percent_decoded(rest);
  }
  return repository;
}

Failure not_found(const std::string& shown, const std::filesystem::path& path, bool upward,
                  int code) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return refused(shown, "does not exist", "");
  if (code == GIT_ENOTFOUND) {
    return refused(shown,
                   upward ? "is not in a git repository: neither it nor a folder above it is one"
                          : "is not a git repository",
                   "");
  }
  return failed_call(Blame::Source, code, shown, "cannot be opened as a git repository",
                     fmt::format("check that `git -C {} log` works for this user", path.string()));
}

RepositoryHandle open_path(const std::string& shown, const std::filesystem::path& path,
                           bool upward) {
  const unsigned int flags = upward ? 0U : static_cast<unsigned int>(GIT_REPOSITORY_OPEN_NO_SEARCH);
  return acquire<RepositoryHandle>(
      [&](git_repository** out) {
        return git_repository_open_ext(out, path.c_str(), flags, nullptr);
      },
      [&](int code) { return not_found(shown, path, upward, code); });
}

std::filesystem::path canonical(const char* path) {
  std::error_code failed;
  std::filesystem::path found = std::filesystem::canonical(path, failed);
  return failed ? std::filesystem::path(path) : found;
}

}  // namespace

Location locate(const std::string& repository) {
  const std::filesystem::path path = path_of(repository);
  // A person reading "." in a log does not know which folder that was.
  const std::string shown = repository.starts_with(kFileUrl)
                                ? repository
                                : std::filesystem::absolute(path).lexically_normal().string();
  const RepositoryHandle opened = open_path(shown, path, !repository.starts_with(kFileUrl));
  const char* worktree = git_repository_workdir(opened.get());
  return Location{.shown = shown,
                  .gitdir = canonical(git_repository_path(opened.get())),
                  .worktree = worktree == nullptr ? std::filesystem::path{} : canonical(worktree),
                  .shallow = canonical(git_repository_commondir(opened.get())) / "shallow"};
}

RepositoryHandle open(const Location& location) {
  return open_path(location.shown, location.gitdir, false);
}

RepositoryHandle open_worktree(const Location& location) {
  return open_path(location.shown, location.worktree, false);
}

std::string shallow_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace reconcile::git
