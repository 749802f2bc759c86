#include "controller/git/location.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::string_view kFileUrl = "file://";
constexpr std::string_view kSayWhich =
    "pass --repo with a working tree, a bare repository or a file:// URL";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? digit_of(text[i + 1]) : -1;
    const int low = high >= 0 ? digit_of(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Failure refused(std::string where, std::string what, std::string why) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = std::move(where),
                                     .what = std::move(what),
                                     .why = std::move(why),
                                     .next = std::string(kSayWhich)});
}

// host:path and user@host:path, which git takes for ssh unless a slash comes before the colon.
bool names_a_host(std::string_view repository) {
  if (repository.find("://") != std::string_view::npos) return true;
  const std::size_t colon = repository.find(':');
  return colon != std::string_view::npos && repository.find('/') > colon;
}

std::string without_password(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t at = url.rfind('@');
  if (scheme == std::string::npos || at == std::string::npos) return url;
  return url.substr(0, scheme + 3) + url.substr(at + 1);
}

std::filesystem::path path_of(const std::string& repository) {
  if (repository.empty()) return ".";
  if (repository.starts_with(kFileUrl)) {
    std::string_view rest = std::string_view(repository).substr(kFileUrl.size());
    if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    return percent_decoded(rest);
  }
  std::error_code ignored;
  if (names_a_host(repository) && !std::filesystem::exists(repository, ignored)) {
    throw refused(without_password(repository), "is not a repository on this machine",
                  "only paths and file:// URLs can be read");
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
