#pragma once

#include <chrono>
#include <filesystem>

namespace reconcile::git {

/// An advisory lock between processes, and between sources of one process. The kernel lets go of it
/// when the holder dies, so a killed fetch never blocks the next one.
class FileLock {
 public:
  /// Waits for at most `patience`, then throws a transient Failure.
  FileLock(const std::filesystem::path& file, std::chrono::seconds patience);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock& operator=(FileLock&&) = delete;

 private:
  int descriptor_;
};

}  // namespace reconcile::git
