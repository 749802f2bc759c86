// postgres_server FOLDER [--tcp] [--throwaway]
//
// Runs the embedded PostgreSQL for a script: prints one line of shell assignments (PGHOST, PGPORT,
// PGUSER, PGPASSWORD, CONNINFO) once the server answers, and stops the server when standard input
// closes or SIGTERM or SIGINT arrives.

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "controller/postgres/embedded_server.h"

namespace {

using reconcile::postgres::EmbeddedServer;

std::string shell_word(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'') out += "'\\'";
    out += c;
  }
  return out + "'";
}

std::string facts(const EmbeddedServer& server, bool tcp) {
  return fmt::format("PGHOST={} PGPORT={} PGUSER=postgres PGPASSWORD={} CONNINFO={}",
                     tcp ? "127.0.0.1" : shell_word(server.socket_folder().string()), server.port(),
                     shell_word(server.password()), shell_word(server.conninfo()));
}

/// Until standard input closes or one of `signals` arrives.
void wait_for_the_end(const sigset_t& signals) {
  std::array<pollfd, 2> sources{
      {{STDIN_FILENO, POLLIN, 0}, {signalfd(-1, &signals, SFD_CLOEXEC), POLLIN, 0}}};
  for (;;) {
    if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR) return;
    if (sources[1].revents != 0) return;
    if (sources[0].revents == 0) continue;
    std::array<char, 256> ignored{};
    if (read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  EmbeddedServer::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--tcp") {
      options.tcp = true;
    } else if (argument == "--throwaway") {
      options.throwaway = true;
    } else if (options.folder.empty() && !argument.starts_with("-")) {
      options.folder = argument;
    } else {
      options.folder.clear();
      break;
    }
  }
  if (options.folder.empty()) {
    fmt::print(stderr, "usage: postgres_server FOLDER [--tcp] [--throwaway]\n");
    return 64;
  }

  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  auto server = EmbeddedServer::start(options);
  if (!server) {
    fmt::print(stderr, "postgres_server: {}\n", describe(server.error()));
    if (!server.error().next.empty()) fmt::print(stderr, "  {}\n", server.error().next);
    return 1;
  }
  fmt::print("{}\n", facts(*server, options.tcp));
  std::fflush(stdout);
  wait_for_the_end(signals);
  return 0;
}
