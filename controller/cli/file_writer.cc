#include "controller/cli/file_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace reconcile::cli {
namespace {

Error failed(const std::string& path, const char* what, int code) {
  return {.kind = ErrorKind::Terminal,
          .where = path,
          .what = what,
          .why = std::strerror(code),
          .next = "check the path, its rights and the space that is left"};
}

bool holds(const std::string& path, std::string_view text) {
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) != text.size() || missing) return false;
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {}) == text;
}

/// A file beside the one that is to be written. It goes away unless it takes that one's place.
class Draft {
 public:
  explicit Draft(std::string path) : path_(std::move(path)), name_(path_ + ".XXXXXX") {
    descriptor_ = mkostemp(name_.data(), O_CLOEXEC);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    if (!in_place_) unlink(name_.c_str());
  }

  bool opened() const { return descriptor_ >= 0; }

  bool fill(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = write(descriptor_, text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return fchmod(descriptor_, mode()) == 0 && fsync(descriptor_) == 0;
  }

  bool take_place() {
    in_place_ = rename(name_.c_str(), path_.c_str()) == 0;
    return in_place_;
  }

 private:
  /// That of the file before it, or what the account gives new files.
  mode_t mode() const {
    struct stat before {};
    if (stat(path_.c_str(), &before) == 0) return before.st_mode & 07777U;
    const mode_t mask = umask(0);
    umask(mask);
    return 0666U & ~mask;
  }

  std::string path_;
  std::string name_;
  int descriptor_;
  bool in_place_ = false;
};

}  // namespace

Result<bool> write_file(const std::string& path, std::string_view text) {
  std::error_code unresolved;
  std::string target = std::filesystem::weakly_canonical(path, unresolved).string();
  if (unresolved) target = path;
  if (holds(target, text)) return false;
  Draft draft(target);
  if (!draft.opened()) return failed(path, "cannot make a file there", errno);
  if (!draft.fill(text)) return failed(path, "cannot write the file", errno);
  if (!draft.take_place()) return failed(path, "cannot put the file in its place", errno);
  return true;
}

}  // namespace reconcile::cli
