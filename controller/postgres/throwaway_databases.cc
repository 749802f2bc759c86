#include "controller/postgres/throwaway_databases.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <vector>

#include "controller/postgres/embedded_server.h"
#include "controller/postgres/server_databases.h"
#include "controller/postgres/session.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// The values that are given, or else libpq's own from the environment.
std::map<std::string, std::string> parameters_of(const std::string& conninfo) {
  std::map<std::string, std::string> values;
  using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;
  for (const Options& options :
       {Options(PQconndefaults()), Options(PQconninfoParse(conninfo.c_str(), nullptr))}) {
    for (const PQconninfoOption* option = options.get();
         option != nullptr && option->keyword != nullptr; ++option) {
      if (option->val != nullptr) values[option->keyword] = option->val;
    }
  }
  return values;
}

std::string unique_prefix() {
  std::random_device random;
  return fmt::format("reconcile_verify_{}_{:08x}_", getpid(), random());
}

}  // namespace

struct ThrowawayDatabases::Impl {
  std::optional<EmbeddedServer> server;
  std::string conninfo;  ///< of the database beside which they are made
  std::string prefix;
  std::mutex mutex;
  std::vector<std::string> names;
  bool ended = false;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { drop_all(); }

  void drop_all() noexcept;
};

/// A server of our own takes them along.
void ThrowawayDatabases::Impl::drop_all() noexcept {
  if (server) return;
  try {
    const std::lock_guard held(mutex);
    if (names.empty()) return;
    auto session = Session::connect(conninfo);
    if (!session) return;
    for (const std::string& name : names) {
      static_cast<void>((*session)->execute(
          fmt::format("drop database if exists {} with (force)", sql::quote_identifier(name))));
    }
  } catch (const std::exception&) {
    // The server is gone or the memory is; nobody could do more.
  }
}

Result<ThrowawayDatabases> ThrowawayDatabases::on_own_server() {
  auto server = EmbeddedServer::start({.throwaway = true, .tcp = true});
  if (!server) return server.error();
  auto impl = std::make_unique<Impl>();
  impl->conninfo = server->conninfo();
  impl->server = std::move(*server);
  return ThrowawayDatabases(std::move(impl));
}

Result<ThrowawayDatabases> ThrowawayDatabases::beside(const std::string& conninfo) {
  auto session = Session::connect(conninfo);
  if (!session) return session.error();
  auto allowed = (*session)->query(
      "select rolcreatedb or rolsuper from pg_catalog.pg_roles where rolname = current_user");
  if (!allowed) return allowed.error();
  if (allowed->rows() == 0 || !allowed->truth(0, 0)) {
    return Error{.where = (*session)->address(),
                 .what = "this role may not make databases",
                 .why = "--on-server makes some, and drops them again",
                 .next = "grant it CREATEDB, or leave out --on-server"};
  }
  auto impl = std::make_unique<Impl>();
  impl->conninfo = conninfo;
  impl->prefix = unique_prefix();
  return ThrowawayDatabases(std::move(impl));
}

ThrowawayDatabases::ThrowawayDatabases(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ThrowawayDatabases::ThrowawayDatabases(ThrowawayDatabases&&) noexcept = default;
ThrowawayDatabases::~ThrowawayDatabases() = default;

Result<std::string> ThrowawayDatabases::make(std::string_view name, std::string_view like) {
  const std::string full = impl_->prefix + std::string(name);
  {
    const std::lock_guard held(impl_->mutex);
    if (impl_->ended)
      return Error{
          .where = full, .what = "is not made: we are asked to end", .why = "", .next = ""};
    // Before it is made: a name too many does no harm to whoever drops them.
    impl_->names.push_back(full);
  }
  auto session = Session::connect(impl_->conninfo);
  if (!session) return session.error();
  std::string statement = "create database " + sql::quote_identifier(full);
  if (!like.empty())
    statement += " template " + sql::quote_identifier(impl_->prefix + std::string(like));
  if (auto made = (*session)->execute(statement); !made) return made.error();
  return with_database(impl_->conninfo, full);
}

ThrowawayDatabases::Address ThrowawayDatabases::address(std::string_view name) const {
  const std::string full = impl_->prefix + std::string(name);
  if (impl_->server)
    return {"127.0.0.1", std::to_string(impl_->server->port()), "postgres",
            impl_->server->password(), full};
  auto values = parameters_of(impl_->conninfo);
  return {values["host"], values["port"], values["user"], values["password"], full};
}

void ThrowawayDatabases::end_all_work() noexcept {
  {
    const std::lock_guard held(impl_->mutex);
    impl_->ended = true;
  }
  if (impl_->server) {
    if (const pid_t pid = impl_->server->pid(); pid > 0) kill(pid, SIGQUIT);
  } else {
    impl_->drop_all();
  }
}

}  // namespace reconcile::postgres
