#include "controller/postgres/embedded_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

#include "controller/postgres/file_descriptor.h"
#include "controller/postgres/server_account.h"
#include "controller/postgres/server_address.h"
#include "controller/postgres/server_binaries.h"
#include "controller/postgres/server_cluster.h"
#include "controller/postgres/server_failure.h"
#include "controller/postgres/server_folder.h"
#include "controller/postgres/server_instance.h"
#include "controller/postgres/server_process.h"

namespace reconcile::postgres {
namespace {

namespace fs = std::filesystem;

}  // namespace

struct EmbeddedServer::Impl {
  Options options;
  ServerInstance server;
  std::string password;
  bool own_socket_folder = false;
  bool remove_folder = false;

  explicit Impl(Options given);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  Result<void> prepare();
  Result<void> claim_folder();
  Result<FileDescriptor> lock_folder() const;
  Result<void> launch();
  Result<void> choose_socket_folder();
};

EmbeddedServer::Impl::Impl(Options given) : options(std::move(given)) {
  server.settings.tcp = options.tcp;
  server.settings.throwaway = options.throwaway;
  server.settings.more = options.settings;
  server.limit = options.deadline;
}

EmbeddedServer::Impl::~Impl() {
  const bool ours = server.pid != 0 && !server.attached;
  if (ours && !server.stop(remove_folder ? SIGQUIT : SIGINT)) (void)server.kill_hard();
  std::error_code ignored;
  if (own_socket_folder) fs::remove_all(server.settings.socket_folder, ignored);
  if (remove_folder) fs::remove_all(server.folder.path, ignored);
}

/// Leaves a folder that the server's account owns and can reach.
Result<void> EmbeddedServer::Impl::prepare() {
  if (auto claimed = claim_folder(); !claimed) return claimed;
  auto chosen = choose_account(server.folder.data);
  if (!chosen) return chosen.error();
  server.account = std::move(*chosen);
  const fs::path& folder = server.folder.path;
  if (const auto closed = first_closed_folder(folder.parent_path(), server.account))
    return server_failure(
        folder, fmt::format("user {} cannot reach this folder", server.account.name),
        fmt::format("PostgreSQL does not run as root, and {} is closed to that user",
                    closed->string()),
        "choose a folder elsewhere, such as /var/lib/reconcile, or run this as an ordinary user");
  return hand_over(folder, server.account);
}

/// Finds or makes the folder. It is deleted at the end only when nobody had put anything into it
/// before.
Result<void> EmbeddedServer::Impl::claim_folder() {
  const bool temporary = options.folder.empty();
  if (temporary && !options.throwaway)
    return server_failure("", "no folder for the embedded PostgreSQL",
                          "only a throwaway server can do without");
  auto made = temporary ? make_temporary_folder() : make_folder(options.folder);
  if (!made) return made.error();
  server.folder = ServerFolder(*made);
  remove_folder = temporary;

  const auto empty = is_empty(server.folder);
  if (!empty) return empty.error();
  if (options.throwaway && !*empty)
    return server_failure(*made, "is not empty", "a throwaway server deletes its folder at the end",
                          "choose a new or empty folder");
  remove_folder = options.throwaway;
  return {};
}

/// Two processes may start in the same folder at once: the second waits, and attaches.
Result<FileDescriptor> EmbeddedServer::Impl::lock_folder() const {
  FileDescriptor lock(
      open(server.folder.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock ||
      !wait_up_to(options.deadline, [&] { return flock(lock.get(), LOCK_EX | LOCK_NB) == 0; }))
    return server_failure(server.folder.path, "cannot lock the folder of the embedded PostgreSQL",
                          system_reason(errno));
  return lock;
}

/// Makes the cluster when there is none, settles where the server listens, and starts it.
Result<void> EmbeddedServer::Impl::launch() {
  auto bin = find_binaries(options.binaries, server.folder.data);
  if (!bin) return bin.error();
  server.settings.bin = std::move(*bin);
  if (!fs::exists(server.folder.data)) {
    auto made = make_cluster(server.folder, server.settings.bin, server.account, options.throwaway,
                             options.deadline);
    if (!made) return made;
  }
  if (auto chosen = choose_socket_folder(); !chosen) return chosen;
  return server.launch_first();
}

Result<void> EmbeddedServer::Impl::choose_socket_folder() {
  if (can_hold_socket(server.folder.path)) {
    server.settings.socket_folder = server.folder.path;
    return {};
  }
  auto made = make_socket_folder(server.account);
  if (!made) return made.error();
  server.settings.socket_folder = std::move(*made);
  own_socket_folder = true;
  return {};
}

Result<EmbeddedServer> EmbeddedServer::start(Options options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto prepared = impl->prepare(); !prepared) return prepared.error();

  const auto lock = impl->lock_folder();
  if (!lock) return lock.error();
  const auto attached = impl->server.attach();
  if (!attached) return attached.error();
  if (!*attached)
    if (auto launched = impl->launch(); !launched) return launched.error();
  if (impl->options.tcp) {
    auto password = read_password(impl->server.folder.password);
    if (!password) return password.error();
    impl->password = std::move(*password);
  }
  return EmbeddedServer(std::move(impl));
}

EmbeddedServer::EmbeddedServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EmbeddedServer::EmbeddedServer(EmbeddedServer&&) noexcept = default;
EmbeddedServer& EmbeddedServer::operator=(EmbeddedServer&&) noexcept = default;
EmbeddedServer::~EmbeddedServer() = default;

std::string EmbeddedServer::conninfo(std::string_view database) const {
  return impl_->server.conninfo(database);
}

std::string EmbeddedServer::tcp_conninfo(std::string_view database) const {
  return fmt::format("{} password={}",
                     connection_string("127.0.0.1", impl_->server.settings.port, database),
                     conninfo_value(impl_->password));
}

const fs::path& EmbeddedServer::folder() const { return impl_->server.folder.path; }
const fs::path& EmbeddedServer::socket_folder() const {
  return impl_->server.settings.socket_folder;
}
const fs::path& EmbeddedServer::log_file() const { return impl_->server.folder.log; }
int EmbeddedServer::port() const { return impl_->server.settings.port; }
const std::string& EmbeddedServer::password() const { return impl_->password; }
pid_t EmbeddedServer::pid() const { return impl_->server.pid; }
bool EmbeddedServer::attached() const { return impl_->server.attached; }

Result<void> EmbeddedServer::stop() {
  if (impl_->server.attached)
    return server_failure(impl_->server.folder.path, "this PostgreSQL is not ours to stop",
                          "it was running before");
  return impl_->server.stop(SIGINT);
}

Result<void> EmbeddedServer::restart() {
  if (auto stopped = stop(); !stopped) return stopped;
  return impl_->server.launch();
}

Result<void> EmbeddedServer::kill_hard() {
  if (impl_->server.attached)
    return server_failure(impl_->server.folder.path, "this PostgreSQL is not ours to kill",
                          "it was running before");
  return impl_->server.kill_hard();
}

}  // namespace reconcile::postgres
