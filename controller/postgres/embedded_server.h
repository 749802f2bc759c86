#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The PostgreSQL server of this machine's packages, in a folder of its own: for `--database
/// embedded` and for tests.
///
/// It listens on a Unix socket that only its own account can reach. When this process is root, the
/// server runs as `postgres`, or `nobody` where that account is missing, because PostgreSQL refuses
/// to run as root. The server that start() launched ends with this object; a server that was
/// already running in the folder is left alone. Not thread-safe.
class EmbeddedServer {
 public:
  struct Options {
    std::filesystem::path folder =
        {};                  ///< made when missing; empty: a new temporary one (throwaway only)
    bool throwaway = false;  ///< no fsync, the folder is deleted at the end, the server dies with
                             ///< the thread that started it
    bool tcp = false;        ///< also listen on a free port of 127.0.0.1, with a random password
    std::filesystem::path binaries =
        {};  ///< folder of `initdb` and `postgres`; empty: see find_binaries()
    std::vector<std::pair<std::string, std::string>> settings = {};  ///< as in postgresql.conf
    std::chrono::milliseconds deadline = std::chrono::minutes(2);  ///< for each start and each stop
  };

  /// Makes the cluster when the folder is empty, starts the server and waits until it answers.
  /// Attaches when one is already running there. A failed start carries the last lines of the
  /// server's log.
  static Result<EmbeddedServer> start(Options options);

  EmbeddedServer(EmbeddedServer&&) noexcept;
  EmbeddedServer& operator=(EmbeddedServer&&) noexcept;
  ~EmbeddedServer();

  /// For libpq, by the Unix socket, as the superuser `postgres`, without a password.
  std::string conninfo(std::string_view database = "postgres") const;
  /// For programs that want host and port. REQUIRES: Options::tcp. Holds the password.
  std::string tcp_conninfo(std::string_view database = "postgres") const;

  const std::filesystem::path& folder() const;
  const std::filesystem::path& socket_folder() const;
  const std::filesystem::path& log_file() const;
  int port() const;                     ///< names the Unix socket as well
  const std::string& password() const;  ///< of `postgres` by TCP; the Unix socket asks for none
  pid_t pid() const;                    ///< 0 while it is stopped
  bool attached() const;                ///< somebody else started it

  /// Fast shutdown: open connections are cut, committed data is kept. Nothing to do when it is
  /// stopped.
  Result<void> stop();
  /// Stops it when it runs, and starts it with the same settings and port.
  Result<void> restart();
  /// SIGKILL for the server and all of its processes, as when the power fails. For tests; restart()
  /// brings it back.
  Result<void> kill_hard();

 private:
  struct Impl;
  explicit EmbeddedServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reconcile::postgres
