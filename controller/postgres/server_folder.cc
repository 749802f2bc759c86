#include "controller/postgres/server_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <system_error>

#include "controller/postgres/server_address.h"
#include "controller/postgres/server_failure.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view data_name = "data";
constexpr std::string_view unfinished_data_name = "data.new";
constexpr std::string_view log_name = "server.log";
constexpr std::string_view password_name = "password";
constexpr std::string_view lock_name = "lock";

bool is_ours(const std::string& name) {
  return name == data_name || name == unfinished_data_name || name == log_name ||
         name == password_name || name == lock_name || name.starts_with(socket_prefix);
}

Result<fs::path> without_links(const fs::path& folder) {
  std::error_code error;
  fs::path canonical = fs::canonical(folder, error);
  if (error)
    return server_failure(folder, "cannot be used for the embedded PostgreSQL", error.message());
  return canonical;
}

}  // namespace

ServerFolder::ServerFolder(const fs::path& folder)
    : path(folder),
      data(folder / data_name),
      unfinished_data(folder / unfinished_data_name),
      log(folder / log_name),
      password(folder / password_name),
      lock(folder / lock_name) {}

Result<fs::path> make_folder(const fs::path& wanted) {
  std::error_code error;
  fs::path folder = fs::absolute(wanted, error).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  std::deque<fs::path> missing;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path())
    missing.push_front(at);
  for (const fs::path& at : missing) {
    if (mkdir(at.c_str(), 0755) != 0 && errno != EEXIST)
      return server_failure(at, "cannot make the folder for PostgreSQL", system_reason(errno));
    if (geteuid() == 0 && chmod(at.c_str(), 0755) != 0)
      return server_failure(at, "cannot set the rights of the folder", system_reason(errno));
  }
  return without_links(folder);
}

Result<fs::path> make_temporary_folder() {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "reconcile-postgres-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    return server_failure(name, "cannot make a temporary folder", system_reason(errno));
  return without_links(name);
}

Result<bool> is_empty(const ServerFolder& folder) {
  bool empty = true;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path, error)) {
    empty = false;
    const std::string name = entry.path().filename().string();
    if (!is_ours(name))
      return server_failure(folder.path, "is not a folder of the embedded PostgreSQL",
                            fmt::format("it holds {}", name), "choose a new or empty folder");
  }
  if (error) return server_failure(folder.path, "cannot be read", error.message());
  return empty;
}

}  // namespace reconcile::postgres
