#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The account the server runs as. PostgreSQL refuses root, so that as root it is another's.
struct ServerAccount {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
  std::vector<gid_t> groups;
  bool other = false;  ///< not our own: files are given to it, processes change to it
};

/// Ourselves, or when we are root: the owner of the existing `data`, else `postgres`, else
/// `nobody`.
Result<ServerAccount> choose_account(const std::filesystem::path& data);

/// Makes this process run as `account`. Made for the time between fork and exec: only calls that
/// are safe there.
bool become(const ServerAccount& account);

/// The first folder on the way to `folder` that `account` cannot enter.
std::optional<std::filesystem::path> first_closed_folder(const std::filesystem::path& folder,
                                                         const ServerAccount& account);

/// Gives the folder to the server's account, with all that is in it when root made it. Nobody else
/// may enter it.
Result<void> hand_over(const std::filesystem::path& folder, const ServerAccount& account);

/// Gives one open file to the server's account. False when that fails; errno says why.
bool give_file(int fd, const ServerAccount& account);

}  // namespace reconcile::postgres
