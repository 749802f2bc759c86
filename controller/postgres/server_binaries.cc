#include "controller/postgres/server_binaries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "controller/postgres/server_failure.h"
#include "controller/postgres/whole_number.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view debian_folder = "/usr/lib/postgresql";
constexpr int suggested_major = 15;

bool has_server(const fs::path& bin) {
  return access((bin / "postgres").c_str(), X_OK) == 0 &&
         access((bin / "initdb").c_str(), X_OK) == 0;
}

/// Nothing when there is no data yet.
std::optional<int> major_version_of(const fs::path& data) {
  std::string version;
  std::ifstream(data / "PG_VERSION") >> version;
  return whole_number(version);
}

/// Debian keeps each major version in a folder of its own, outside PATH.
std::optional<fs::path> from_debian(std::optional<int> needed) {
  std::optional<std::pair<int, fs::path>> newest;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(debian_folder, error)) {
    const auto major = whole_number(entry.path().filename().string());
    if (!major || !has_server(entry.path() / "bin")) continue;
    if (needed ? *major == *needed : !newest || *major > newest->first)
      newest = {*major, entry.path() / "bin"};
  }
  if (!newest) return std::nullopt;
  return newest->second;
}

std::optional<fs::path> from_path() {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path ? path : ""; !rest.empty();) {
    const std::size_t colon = rest.find(':');
    const fs::path bin = rest.substr(0, colon);
    if (bin.is_absolute() && has_server(bin)) return bin;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return std::nullopt;
}

}  // namespace

Result<fs::path> find_binaries(const fs::path& wanted, const fs::path& data) {
  const char* named = std::getenv("RECONCILE_POSTGRES_BIN");
  const bool by_environment = wanted.empty() && named != nullptr && *named != '\0';
  const fs::path given = by_environment ? fs::path(named) : wanted;
  if (!given.empty()) {
    if (has_server(given)) return given;
    return server_failure(given, "no PostgreSQL server here",
                          "initdb and postgres are not both in this folder",
                          by_environment ? "correct or unset RECONCILE_POSTGRES_BIN" : "");
  }
  const std::optional<int> needed = major_version_of(data);
  if (auto bin = from_debian(needed)) return *bin;
  if (auto bin = from_path()) return *bin;
  return server_failure(
      debian_folder,
      needed ? fmt::format("no PostgreSQL {} server, which wrote the data in {}", *needed,
                           data.string())
             : std::string("no PostgreSQL server found"),
      "looked there and in PATH",
      fmt::format("apt-get install postgresql-{}", needed.value_or(suggested_major)));
}

}  // namespace reconcile::postgres
