#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "controller/postgres/server_account.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// How the server's socket, and the lock beside it, are named; the port follows.
inline constexpr std::string_view socket_prefix = ".s.PGSQL.";

/// For libpq, quoted where it must be.
std::string conninfo_value(std::string_view value);
/// For libpq, as the superuser `postgres`. `host` is a name, or the folder of a Unix socket.
std::string connection_string(std::string_view host, int port, std::string_view database);

/// False when the path is too long for a socket, or libpq and the server would take it for a list.
bool can_hold_socket(const std::filesystem::path& folder);
/// A new folder with a short path, given to `account`.
Result<std::filesystem::path> make_socket_folder(const ServerAccount& account);

/// A port nobody listens on just now. Another program may take it before PostgreSQL does; the
/// caller then tries another.
Result<int> free_port();

/// What a running server says of itself in postmaster.pid.
struct RunningServer {
  pid_t pid = 0;
  int port = 0;
  std::filesystem::path socket_folder;
  bool tcp = false;
};

/// Nothing when no server runs on `data`. A crash leaves the file behind, and another program may
/// have got the process id since: only an answer at the address is certain.
std::optional<RunningServer> read_pid_file(const std::filesystem::path& data);

}  // namespace reconcile::postgres
