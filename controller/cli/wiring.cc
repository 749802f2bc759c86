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

}  // namespace

std::string actor() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const passwd* account = getpwuid(geteuid());
  return fmt::format("{}@{}",
                     account == nullptr ? "uid " + std::to_string(geteuid()) : account->pw_name,
                     host.data());
}

git::Options git_options(const Invocation& invocation) {
  const config::Git& configured = invocation.git;
  git::Options options{.repository = invocation.repository, .state = invocation.state};
  options.offline = invocation.offline;
  options.access.user = configured.user;
  options.access.token = configured.token;
  options.access.certificate_authorities = configured.certificate_authorities;
  options.access.proxies = {
      .http = configured.http_proxy, .https = configured.https_proxy, .none = configured.no_proxy};
  options.access.key = configured.ssh_key;
  options.access.known_hosts = configured.known_hosts;
  options.signatures = {.allowed_signers = configured.allowed_signers,
                        .keyring = configured.gpg_keyring};
  options.access.connect = configured.connect_timeout;
  options.access.idle = configured.idle_timeout;
  options.access.whole = configured.timeout;
  return options;
}

Result<Revision> newest_of(Source& source, const Invocation& invocation,
                           const config::Target& target) {
  if (invocation.revision.empty() && !target.tag.empty()) return source.fetch_tag(target.tag);
  return source.fetch(target.branch, invocation.revision);
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

PassOptions pass_options(const Invocation& invocation, const config::Target& target, Mode mode) {
  PassOptions options;
  options.target = target.name;
  options.environment = target.environment;
  options.branch = target.branch;
  options.tag_pattern = target.tag;
  options.revision = invocation.revision;
  options.mode = mode;
  options.rollback = !invocation.rollback.to.empty();
  options.throwaway = invocation.command == Command::Verify;
  options.lock_timeout = target.lock_timeout;
  options.concurrent_timeout = target.concurrent_timeout;
  options.drift = target.drift == "heal"   ? DriftPolicy::Heal
                  : target.drift == "hold" ? DriftPolicy::Hold
                                           : DriftPolicy::Alert;
  options.watch = target.watch;
  options.ignored_drift = target.ignored_drift;
  options.at_base = invocation.command == Command::Heal || invocation.command == Command::Adopt ||
                    invocation.command == Command::Drift;
  options.hazards = target.hazards;
  options.deletion_budget = target.deletion_budget;
  options.retention = target.retention;
  options.collection_limit = target.directus.licensed_collections;
  const auto now = std::chrono::system_clock::now();
  const auto clock = [&](std::chrono::minutes before) { return target.local_time(now - before); };
  // Who goes back by hand does not wait for a window.
  if (!options.rollback && !options.throwaway) {
    if (auto closed = policy::closed_window(target.windows, clock, target.name))
      options.gates.push_back(std::move(*closed));
  }
  return options;
}

PassReport run_logged_pass(const PassOptions& options, Source& source, Connector& connector,
                           const Beside& beside) {
  SystemClock clock;
  LoggedProgress progress(options.target);
  return run_pass(options, {source, connector, clock, progress, beside.instances.get(),
                            beside.installer.get()});
}

PassReport without_faults(const std::string& target, const std::function<PassReport()>& pass) {
  try {
    return pass();
  } catch (const std::exception& fault) {
    return ended_early(target, Stage::Read,
                       {.where = target,
                        .what = "the pass broke off",
                        .why = fault.what(),
                        .next = "this is a fault of reconcile: please report it"});
  }
}

namespace {

PassReport unguarded_pass(const Invocation& invocation, const config::Target& target, Mode mode) {
  auto source = git::open_source(git_options(invocation));
  if (!source) return ended_early(target.name, Stage::Fetch, source.error());
  auto chosen = follow(invocation, target, **source, pass_options(invocation, target, mode));
  if (!chosen) return ended_early(target.name, Stage::Fetch, chosen.error());
  auto database = open_database(invocation, target);
  if (!database) return ended_early(target.name, Stage::Connect, database.error());
  PassReport report =
      run_logged_pass(chosen->options, **source, *database->connector, beside(target));
  if (chosen->options.promoted && chosen->waits)
    report.notes.push_back(std::move(chosen->waits->message));
  return report;
}

}  // namespace

PassReport pass_over(const Invocation& invocation, const config::Target& target, Mode mode) {
  return without_faults(target.name, [&] { return unguarded_pass(invocation, target, mode); });
}

}  // namespace reconcile::cli
