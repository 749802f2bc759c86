#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "controller/git/access.h"
#include "reconcilers/core/result.h"
#include "reconcilers/ports/source.h"

namespace reconcile::git {

/// What one revision may hold below the folders that are read. A repository is somebody else's
/// input: a dump committed by mistake is an error with a name, not an exhausted machine.
struct Limits {
  std::size_t max_file_bytes = std::size_t{16} << 20;
  std::size_t max_total_bytes = std::size_t{64} << 20;
  std::size_t max_files = 10'000;
};

struct Options {
  /// A working tree or any folder in it, a linked worktree, a bare repository, a file:// URL, or a
  /// remote one: https://, http://, ssh:// or user@host:path. Empty means the repository around the
  /// current folder.
  std::string repository;
  /// The folder that keeps the mirrors; made when it is missing.
  std::filesystem::path state;
  Limits limits = {};
  Access access = {};
  Signatures signatures = {};
  /// Read the mirror as it is, without a look at the repository: Source::fetch too. For many passes
  /// after one update_mirror(). A mirror that is not there is a transient error.
  bool offline = false;
};

/// Finds the repository; copies nothing yet, and asks no other machine. Terminal when there is
/// none.
Result<std::unique_ptr<Source>> open_source(const Options& options);

/// Brings the mirror up to date, whatever `offline` says: one look at the references of the
/// repository, and a copy of what is new.
Result<void> update_mirror(Options options);

}  // namespace reconcile::git
