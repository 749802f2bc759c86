#pragma once

#include <filesystem>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// Where the embedded server keeps what in its folder. Nothing else may be in there but the socket.
struct ServerFolder {
  ServerFolder() = default;
  explicit ServerFolder(const std::filesystem::path& folder);

  std::filesystem::path path;
  std::filesystem::path data;             ///< the cluster
  std::filesystem::path unfinished_data;  ///< while initdb makes it
  std::filesystem::path log;
  std::filesystem::path password;
  std::filesystem::path lock;  ///< held during a start
};

/// Makes the folder and those above it; new ones above can be entered by everybody, whatever root's
/// umask is. The answer is its path without links.
Result<std::filesystem::path> make_folder(const std::filesystem::path& wanted);
Result<std::filesystem::path> make_temporary_folder();

/// An error when it holds something that is not the embedded server's.
Result<bool> is_empty(const ServerFolder& folder);

}  // namespace reconcile::postgres
