#include "controller/postgres/server_instance.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "controller/postgres/server_address.h"
#include "controller/postgres/server_failure.h"
#include "controller/postgres/server_log.h"
#include "controller/postgres/server_process.h"

namespace reconcile::postgres {
namespace {

constexpr int free_port_attempts = 3;

PGPing ping(const std::string& address) { return PQping((address + " connect_timeout=2").c_str()); }

}  // namespace

std::string ServerInstance::conninfo(std::string_view database) const {
  return connection_string(settings.socket_folder.string(), settings.port, database);
}

Result<bool> ServerInstance::attach() {
  const auto running = read_pid_file(folder.data);
  if (!running) return false;
  const std::string address =
      connection_string(running->socket_folder.string(), running->port, "postgres");
  PGPing answer = PQPING_NO_RESPONSE;
  wait_up_to(limit, [&] { return (answer = ping(address)) != PQPING_REJECT; });
  if (answer == PQPING_REJECT)
    return server_failure(folder.path, "a PostgreSQL server runs here but takes no connections",
                          fmt::format("process {} is starting up or shutting down", running->pid));
  if (answer != PQPING_OK)
    return false;  // a leftover of a crash; PostgreSQL itself decides whether it may start
  if (settings.tcp && !running->tcp)
    return server_failure(folder.path, "the PostgreSQL server running here does not listen on TCP",
                          fmt::format("process {} was started without", running->pid),
                          "stop it first");
  pid = running->pid;
  settings.port = running->port;
  settings.socket_folder = running->socket_folder;
  attached = true;
  return true;
}

Result<void> ServerInstance::launch_first() {
  return settings.tcp ? launch_on_free_port() : launch();
}

Result<void> ServerInstance::launch() {
  auto output = open_log(folder.log, account);
  if (!output) return output.error();
  std::error_code ignored;
  const std::uintmax_t log_offset = std::filesystem::file_size(folder.log, ignored);
  auto started = spawn({.arguments = server_arguments(folder.data, settings),
                        .folder = folder.path,
                        .output = output->get(),
                        .dies_with_us = settings.throwaway},
                       account);
  if (!started) return started.error();
  pid = *started;
  return wait_for_answer(log_offset);
}

Result<void> ServerInstance::wait_for_answer(std::uintmax_t log_offset) {
  const std::string address = conninfo("postgres");
  bool dead = false;
  const bool ready = wait_up_to(limit, [&] {
    dead = ended(pid).has_value();
    return dead || ping(address) == PQPING_OK;
  });
  if (dead) {
    pid = 0;
    return server_failure(folder.path, "PostgreSQL did not start",
                          log_tail(folder.log, log_offset));
  }
  if (ready) return {};
  (void)kill_hard();
  return server_failure(folder.path,
                        fmt::format("PostgreSQL did not answer within {} s", limit.count() / 1000),
                        log_tail(folder.log, log_offset));
}

Result<void> ServerInstance::launch_on_free_port() {
  Result<void> launched;
  for (int attempt = 0; attempt < free_port_attempts; ++attempt) {
    auto found = free_port();
    if (!found) return found.error();
    settings.port = *found;
    launched = launch();
    if (launched || launched.error().why.find("Address already in use") == std::string::npos) break;
  }
  return launched;
}

Result<void> ServerInstance::stop(int signal) {
  if (pid == 0) return {};
  if (kill(pid, signal) != 0 && errno != ESRCH)
    return server_failure(folder.path, fmt::format("cannot stop PostgreSQL, process {}", pid),
                          system_reason(errno));
  if (!wait_up_to(limit, [&] { return ended(pid).has_value(); }))
    return server_failure(
        folder.path,
        fmt::format("PostgreSQL, process {}, did not stop within {} s", pid, limit.count() / 1000),
        log_tail(folder.log, 0));
  pid = 0;
  return {};
}

Result<void> ServerInstance::kill_hard() {
  if (pid == 0) return {};
  if (!kill_with_children(pid, limit))
    return server_failure(folder.path, fmt::format("PostgreSQL, process {}, survived SIGKILL", pid),
                          "");
  pid = 0;
  return {};
}

}  // namespace reconcile::postgres
