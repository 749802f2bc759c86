#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile {

/// One commit. Times are seconds since the epoch.
struct Revision {
  std::string commit;  ///< 40 hexadecimal digits
  std::string author;  ///< name only
  std::int64_t time = 0;
  std::string message;  ///< whole, subject first

  std::string short_commit() const { return commit.substr(0, 10); }
  std::string_view subject() const {
    return std::string_view(message).substr(0, message.find('\n'));
  }
};

/// How a candidate stands to the revision that was applied last.
enum class Ancestry {
  Same,
  Descendant,  ///< candidate builds on base: the only one that may be applied
  Older,       ///< candidate is an ancestor of base
  Diverged,    ///< both known, neither is the other's ancestor
  Unproven,    ///< base is not in the repository, or history is cut off by a shallow clone
};

/// A regular file of one commit.
struct File {
  std::string path;  ///< from the repository's root, with slashes
  std::string blob;  ///< git's object id
  std::string text;
};

/// The files below the folders asked for, in path order. Everything in it came out of commit
/// objects.
struct FileTree {
  std::vector<File> files;

  const File* find(std::string_view path) const {
    for (const File& file : files) {
      if (file.path == path) return &file;
    }
    return nullptr;
  }
};

}  // namespace reconcile
