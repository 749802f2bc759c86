#include "controller/postgres/server_account.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

#include "controller/postgres/server_failure.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

ServerAccount account_of(const passwd& entry) {
  ServerAccount account{entry.pw_uid, entry.pw_gid, entry.pw_name, {}, true};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  if (getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count) < 0) {
    account.groups.resize(static_cast<std::size_t>(count));
    getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count);
  }
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

bool is_roots(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && status.st_uid == 0;
}

}  // namespace

Result<ServerAccount> choose_account(const fs::path& data) {
  if (geteuid() != 0) {
    const passwd* self = getpwuid(geteuid());
    return ServerAccount{
        geteuid(), getegid(), self ? self->pw_name : std::to_string(geteuid()), {}, false};
  }
  struct stat status {};
  if (lstat(data.c_str(), &status) == 0 && status.st_uid != 0) {
    if (const passwd* owner = getpwuid(status.st_uid)) return account_of(*owner);
  }
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return account_of(*entry);
  }
  return server_failure(
      data.parent_path(), "no account to run PostgreSQL as",
      "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`",
      "run this as an ordinary user");
}

bool become(const ServerAccount& account) {
  return !account.other || (setgroups(account.groups.size(), account.groups.data()) == 0 &&
                            setgid(account.gid) == 0 && setuid(account.uid) == 0);
}

std::optional<fs::path> first_closed_folder(const fs::path& folder, const ServerAccount& account) {
  if (!account.other) return std::nullopt;
  std::vector<fs::path> way;
  fs::path prefix;
  for (const fs::path& part : folder) way.push_back(prefix /= part);
  // Asked by going there as that account: modes alone do not tell of access lists and file systems
  // that mistrust root.
  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    if (!become(account)) _exit(0);
    for (std::size_t i = 0; i < way.size() && i < 255; ++i)
      if (chdir(way[i].c_str()) != 0) _exit(static_cast<int>(i + 1));
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const auto stopped_at = WIFEXITED(status) ? static_cast<std::size_t>(WEXITSTATUS(status)) : 0;
  if (stopped_at == 0) return std::nullopt;
  return way[stopped_at - 1];
}

Result<void> hand_over(const fs::path& folder, const ServerAccount& account) {
  if (chmod(folder.c_str(), 0700) != 0)
    return server_failure(folder, "cannot be closed to others", system_reason(errno),
                          "choose a folder of your own");
  if (!account.other || !is_roots(folder)) return {};
  std::vector<fs::path> given;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error))
    given.push_back(entry.path());
  given.push_back(folder);  // last: until then nobody but root can put anything into it
  for (const fs::path& path : given)
    if (is_roots(path) && lchown(path.c_str(), account.uid, account.gid) != 0)
      return server_failure(path, fmt::format("cannot be given to user {}", account.name),
                            system_reason(errno));
  return {};
}

bool give_file(int fd, const ServerAccount& account) {
  return !account.other || fchown(fd, account.uid, account.gid) == 0;
}

}  // namespace reconcile::postgres
