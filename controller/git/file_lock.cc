#include "controller/git/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::chrono::milliseconds kPause{20};

std::string reason(int code) { return std::generic_category().message(code); }

Failure refused(const std::filesystem::path& file, int code) {
  return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                     .where = file.string(),
                                     .what = "cannot be written",
                                     .why = reason(code),
                                     .next = "pass --state with a folder this user may write to"});
}

Failure still_held(const std::filesystem::path& file, std::chrono::seconds patience) {
  return Failure(
      Blame::Input,
      Error{.kind = ErrorKind::Transient,
            .where = file.string(),
            .what = fmt::format("another process has been fetching for {} s", patience.count()),
            .why = "",
            .next = fmt::format("wait for it, or find it with `fuser {}`", file.string())});
}

bool locked(int descriptor) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, std::chrono::seconds patience)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) throw refused(file, errno);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!locked(descriptor_)) {
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= deadline) {
      const int code = errno;
      ::close(descriptor_);
      throw code == EWOULDBLOCK ? still_held(file, patience) : refused(file, code);
    }
    std::this_thread::sleep_for(kPause);
  }
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace reconcile::git
