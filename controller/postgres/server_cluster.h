#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "controller/postgres/server_account.h"
#include "controller/postgres/server_folder.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// What the folder's cluster is made and served with.
struct ClusterSettings {
  std::filesystem::path bin;  ///< of `initdb` and `postgres`
  int port = 5432;            ///< names the Unix socket as well
  std::filesystem::path socket_folder;
  bool tcp = false;                                       ///< also on 127.0.0.1
  bool throwaway = false;                                 ///< no fsync
  std::vector<std::pair<std::string, std::string>> more;  ///< as in postgresql.conf; these win
};

/// Runs initdb: no password by the Unix socket, a new random one by TCP. The data is in place when
/// it is complete, and not before.
Result<void> make_cluster(const ServerFolder& folder, const std::filesystem::path& bin,
                          const ServerAccount& account, bool throwaway,
                          std::chrono::milliseconds limit);

/// The `postgres` command for the cluster in `data`.
std::vector<std::string> server_arguments(const std::filesystem::path& data,
                                          const ClusterSettings& settings);

/// The one that make_cluster() wrote.
Result<std::string> read_password(const std::filesystem::path& file);

}  // namespace reconcile::postgres
