#include "controller/cli/wiring.h"

#include <fmt/format.h>
#include <pwd.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "controller/directus/bootstrap_command.h"
#include "controller/directus/instances.h"
#include "controller/git/git_source.h"
#include "controller/postgres/target_database.h"

namespace reconcile::cli {
namespace {

class SystemClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() override { return std::chrono::steady_clock::now(); }
  void sleep(std::chrono::milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

class LoggedProgress : public Progress {
 public:
  explicit LoggedProgress(std::string target) : target_(std::move(target)) {}
  void entered(std::string_view stage) override { spdlog::debug("{}: {}", target_, stage); }

 private:
  std::string target_;
};

PassReport ended_early(const config::Target& target, Stage stage, Error error) {
  PassReport report;
  report.target = target.name;
  error.stage = stage;
  report.outcome = Failed{stage, std::move(error)};
  return report;
}

}  // namespace

std::string actor() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const passwd* account = getpwuid(geteuid());
  return fmt::format("{}@{}",
                     account == nullptr ? "uid " + std::to_string(geteuid()) : account->pw_name,
                     host.data());
}

Mode mode_of(const config::Target& target) {
  if (target.mode == "dry-run") return Mode::DryRun;
  return target.mode == "skip" ? Mode::Skip : Mode::Auto;
}

Result<Database> open_database(const Invocation& invocation, const config::Target& target) {
  Database database;
  std::string conninfo = target.database;
  if (conninfo == "embedded") {
    auto server = postgres::EmbeddedServer::start(
        {.folder = std::filesystem::path(invocation.state) / "postgres"});
    if (!server) return server.error();
    conninfo = server->conninfo();
    database.server = std::move(*server);
  }
  database.connector = postgres::connector(conninfo, actor());
  return database;
}

Beside beside(const config::Target& target) {
  const config::Directus& configured = target.directus;
  Beside beside;
  if (!configured.instances.empty()) {
    directus::InstancesOptions options;
    for (const config::HttpAddress& address : configured.instances)
      options.servers.push_back(
          {address.text, address.tls, address.host, address.port, address.path});
    options.token = configured.token;
    options.certificate_authorities = configured.certificate_authorities;
    beside.instances = directus::instances(std::move(options));
  }
  if (!configured.bootstrap.empty())
    beside.installer =
        directus::bootstrap_command(configured.bootstrap, configured.bootstrap_timeout);
  return beside;
}

PassReport pass_over(const Invocation& invocation, const config::Target& target, Mode mode) {
  auto source = git::open_source({.repository = invocation.repository, .state = invocation.state});
  if (!source) return ended_early(target, Stage::Fetch, source.error());
  auto database = open_database(invocation, target);
  if (!database) return ended_early(target, Stage::Connect, database.error());
  SystemClock clock;
  LoggedProgress progress(target.name);
  PassOptions options;
  options.target = target.name;
  options.environment = target.environment;
  options.branch = invocation.branch;
  options.revision = invocation.revision;
  options.mode = mode;
  options.rollback = !invocation.rollback.to.empty();
  options.throwaway = invocation.command == Command::Verify;
  options.lock_timeout = target.lock_timeout;
  options.concurrent_timeout = target.concurrent_timeout;
  options.drift = target.drift == "heal"   ? DriftPolicy::Heal
                  : target.drift == "hold" ? DriftPolicy::Hold
                                           : DriftPolicy::Alert;
  options.ignored_drift = target.ignored_drift;
  options.at_base = invocation.command == Command::Heal || invocation.command == Command::Adopt ||
                    invocation.command == Command::Drift;
  options.hazards = target.hazards;
  options.deletion_budget = target.deletion_budget;
  options.retention = target.retention;
  options.collection_limit = target.directus.licensed_collections;
  const Beside around = beside(target);
  return run_pass(options, {**source, *database->connector, clock, progress, around.instances.get(),
                            around.installer.get()});
}

}  // namespace reconcile::cli
