#include "controller/postgres/server_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>

#include "controller/postgres/file_descriptor.h"
#include "controller/postgres/server_failure.h"
#include "controller/postgres/whole_number.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_socket_path = 107;  // sun_path holds 108 bytes with the final zero

}  // namespace

std::string conninfo_value(std::string_view value) {
  if (!value.empty() && value.find_first_of(" \t\n'\\") == std::string_view::npos)
    return std::string(value);
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string connection_string(std::string_view host, int port, std::string_view database) {
  return fmt::format("host={} port={} user=postgres dbname={}", conninfo_value(host), port,
                     conninfo_value(database));
}

bool can_hold_socket(const fs::path& folder) {
  const std::string longest = (folder / fmt::format("{}65535", socket_prefix)).string();
  return longest.size() <= longest_socket_path &&
         // libpq and the server both take a list of folders, and both split it at commas.
         longest.find_first_of(",\"\\'") == std::string::npos;
}

Result<fs::path> make_socket_folder(const ServerAccount& account) {
  std::string name = "/tmp/reconcile-socket-XXXXXX";  // not TMPDIR, which may be what is too long
  if (mkdtemp(name.data()) == nullptr ||
      (account.other && chown(name.c_str(), account.uid, account.gid) != 0))
    return server_failure(name, "cannot make a folder for the server's socket",
                          system_reason(errno));
  return name;
}

Result<int> free_port() {
  const FileDescriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (!probe || bind(probe.get(), generic, size) != 0 ||
      getsockname(probe.get(), generic, &size) != 0)
    return server_failure("127.0.0.1", "no free port for the embedded PostgreSQL",
                          system_reason(errno));
  return ntohs(address.sin_port);
}

std::optional<RunningServer> read_pid_file(const fs::path& data) {
  std::ifstream in(data / "postmaster.pid");
  std::array<std::string, 6> lines;  // pid, data, start time, port, socket folder, listen address
  for (std::string& line : lines) std::getline(in, line);
  const auto pid = whole_number(lines[0]);
  const auto port = whole_number(lines[3]);
  if (!pid || !port || lines[4].empty()) return std::nullopt;
  if (kill(*pid, 0) != 0 && errno == ESRCH) return std::nullopt;
  return RunningServer{*pid, *port, lines[4], !lines[5].empty()};
}

}  // namespace reconcile::postgres
