#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "controller/postgres/server_account.h"
#include "controller/postgres/server_cluster.h"
#include "controller/postgres/server_folder.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The one server that serves the cluster of a folder, from its start to its end. Its owner fills
/// in what it is served with, and stops it: going out of scope does not.
struct ServerInstance {
  ServerFolder folder;
  ServerAccount account;
  ClusterSettings settings;
  std::chrono::milliseconds limit{};  ///< for each start and each stop
  pid_t pid = 0;                      ///< 0 while it is stopped
  bool attached = false;              ///< somebody else started it

  /// By the Unix socket.
  std::string conninfo(std::string_view database) const;

  /// True when a server was running in the folder and answers.
  Result<bool> attach();
  /// Starts it, on a free port when it listens on TCP, and waits until it answers.
  Result<void> launch_first();
  /// The same, on the port it has.
  Result<void> launch();
  /// Sends `signal` to it and waits for its end.
  Result<void> stop(int signal);
  /// SIGKILL for it and all of its processes.
  Result<void> kill_hard();

 private:
  Result<void> launch_on_free_port();
  Result<void> wait_for_answer(std::uintmax_t log_offset);
};

}  // namespace reconcile::postgres
