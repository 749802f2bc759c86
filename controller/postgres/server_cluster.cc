#include "controller/postgres/server_cluster.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>

#include "controller/postgres/file_descriptor.h"
#include "controller/postgres/server_failure.h"
#include "controller/postgres/server_log.h"
#include "controller/postgres/server_process.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

Result<void> make_password(const fs::path& file, const ServerAccount& account) {
  std::array<unsigned char, 24> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return server_failure(file, "cannot make a password", system_reason(errno));
  std::string line;
  for (const unsigned char byte : bytes) line += fmt::format("{:02x}", byte);
  line += '\n';
  unlink(file.c_str());
  const FileDescriptor out(
      open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out || write(out.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      !give_file(out.get(), account))
    return server_failure(file, "cannot write the password of the embedded PostgreSQL",
                          system_reason(errno));
  return {};
}

std::vector<std::string> initdb_arguments(const ServerFolder& folder, const fs::path& bin,
                                          bool throwaway) {
  std::vector<std::string> arguments{
      (bin / "initdb").string(),   "--pgdata=" + folder.unfinished_data.string(),
      "--username=postgres",       "--auth-local=trust",
      "--auth-host=scram-sha-256", "--pwfile=" + folder.password.string(),
      "--encoding=UTF8",           "--locale=C.UTF-8",
      "--no-instructions"};
  if (throwaway) arguments.emplace_back("--no-sync");
  return arguments;
}

}  // namespace

Result<void> make_cluster(const ServerFolder& folder, const fs::path& bin,
                          const ServerAccount& account, bool throwaway,
                          std::chrono::milliseconds limit) {
  std::error_code error;
  fs::remove_all(folder.unfinished_data, error);
  if (auto made = make_password(folder.password, account); !made) return made.error();

  auto output = open_log(folder.log, account);
  if (!output) return output.error();
  const std::uintmax_t offset = fs::file_size(folder.log, error);
  const ServerCommand initdb{.arguments = initdb_arguments(folder, bin, throwaway),
                             .folder = folder.path,
                             .output = output->get(),
                             .dies_with_us = throwaway};
  auto complete = run(initdb, account, limit);
  if (!complete) return complete.error();
  if (!*complete) {
    fs::remove_all(folder.unfinished_data, error);
    return server_failure(folder.path, "initdb failed", log_tail(folder.log, offset));
  }
  // Under its final name only when it is complete: a crash in between leaves nothing that looks
  // like a cluster.
  fs::rename(folder.unfinished_data, folder.data, error);
  if (error) return server_failure(folder.data, "cannot be put in place", error.message());
  return {};
}

std::vector<std::string> server_arguments(const fs::path& data, const ClusterSettings& settings) {
  std::vector<std::string> arguments{(settings.bin / "postgres").string(), "-D", data.string()};
  const auto set = [&](std::string_view name, std::string_view value) {
    arguments.emplace_back("-c");
    arguments.push_back(fmt::format("{}={}", name, value));
  };
  set("listen_addresses", settings.tcp ? "127.0.0.1" : "");
  set("port", std::to_string(settings.port));
  set("unix_socket_directories", settings.socket_folder.string());
  set("unix_socket_permissions", "0700");
  set("logging_collector", "off");
  set("log_destination", "stderr");
  set("timezone", "UTC");
  if (settings.throwaway)
    for (const char* name : {"fsync", "full_page_writes"}) set(name, "off");
  for (const auto& [name, value] : settings.more) set(name, value);
  return arguments;
}

Result<std::string> read_password(const fs::path& file) {
  std::ifstream in(file);
  std::string password;
  if (!std::getline(in, password) || password.empty())
    return server_failure(file, "cannot read the password of the embedded PostgreSQL",
                          system_reason(errno));
  return password;
}

}  // namespace reconcile::postgres
