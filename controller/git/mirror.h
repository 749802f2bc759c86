#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "controller/git/file_lock.h"
#include "controller/git/handle.h"
#include "controller/git/objects.h"
#include "controller/git/origin.h"

namespace reconcile::git {

/// Our own bare copy of a repository's branches and tags. It keeps commits that were force-pushed
/// away in the source, and nobody checks anything out of it. Several processes may share it.
class Mirror {
 public:
  /// Of a mirror that is `offline` the origin is never asked: it is what others have made it.
  Mirror(std::unique_ptr<Origin> origin, const std::filesystem::path& state, bool offline);

  /// Brings it up to date. As long as the lock lives no other process changes the mirror; one that
  /// is offline needs none.
  [[nodiscard]] std::optional<FileLock> refresh();

  /// Throws it away and copies the source again, unless another process just did. It stays as it is
  /// when the source cannot be copied.
  void remake();

  /// A mirror that cannot be read is a Failure with Blame::Mirror.
  const Objects& objects();
  git_repository* repository() { return objects().repository(); }

  /// Whether history is cut off somewhere.
  bool shallow();

  const Origin& origin() const { return *origin_; }

 private:
  struct Opened {
    RepositoryHandle repository;
    Objects objects;
  };

  FileLock lock() const;
  void tidy();
  /// `made` is the mirror from now on. Under the lock.
  void take_place(const std::filesystem::path& made);
  Opened open_at(const std::filesystem::path& folder) const;
  void make_beside(const std::filesystem::path& folder) const;

  std::unique_ptr<Origin> origin_;
  bool offline_;
  std::filesystem::path folder_;
  std::optional<ino_t> identity_;  ///< of the folder when it was opened last
  std::optional<Opened> opened_;
};

}  // namespace reconcile::git
