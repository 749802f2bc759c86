#include "controller/cli/serve.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "controller/cli/commands.h"
#include "controller/cli/serve_pages.h"
#include "controller/cli/terminal.h"
#include "controller/config/failure.h"

namespace reconcile::cli {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t http_threads = 4;
constexpr auto http_grace = 10s;
/// How often alerts are looked at where nothing else happens: reminders, what is over for good.
constexpr auto alert_pulse = 30s;
constexpr auto change_pulse = 2s;

/// The name that the other replicas see.
std::string replica_name(const Invocation& invocation) {
  if (!invocation.service.replica.empty()) return invocation.service.replica;
  const std::string account = actor();
  return fmt::format("{}:{}", account.substr(account.find('@') + 1, 30), ::getpid());
}

Result<http::Tokens> tokens_of(const config::Http& http) {
  if (http.tokens_file.empty()) return http::Tokens();
  auto text = config::read_file(http.tokens_file, "the file of tokens");
  if (!text) return text.error();
  auto tokens = http::parse_tokens(*text, http.tokens_file);
  if (!tokens) return tokens.error();
  return http::Tokens(std::move(*tokens));
}

http::ServerOptions server_options(const config::Http& http) {
  http::ServerOptions options{
      .listeners = {}, .certificate_file = http.certificate_file, .key_file = http.key_file};
  for (const config::Listener& listener : http.listeners)
    options.listeners.push_back({listener.address, listener.port});
  return options;
}

/// Of "https://git.example.org/trm/directus.git" and "git@git.example.org:trm/directus" the same.
std::string repository_name(std::string text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string::npos)
    text.erase(0, scheme + 3);
  if (const std::size_t at = text.find('@'); at != std::string::npos) text.erase(0, at + 1);
  if (const std::size_t colon = text.find(':'); colon != std::string::npos) {
    const std::size_t digits = text.find_first_not_of("0123456789", colon + 1);
    const bool port = digits != colon + 1 && digits != std::string::npos && text[digits] == '/';
    text.replace(colon, port ? digits - colon : 1, port ? "" : "/");
  }
  while (text.ends_with('/')) text.pop_back();
  if (text.ends_with(".git")) text.resize(text.size() - 4);
  return text;
}

/// What has changed and is not read while the service runs.
std::vector<std::string_view> fixed_keys(const Invocation& was, const Invocation& is) {
  std::vector<std::string_view> changed;
  const auto compare = [&](std::string_view key, const auto& before, const auto& after) {
    if (before != after) changed.push_back(key);
  };
  compare("http.listen", was.http.listeners, is.http.listeners);
  compare("http.certificate_file", was.http.certificate_file, is.http.certificate_file);
  compare("http.key_file", was.http.key_file, is.http.key_file);
  compare("http.hosts", was.http.hosts, is.http.hosts);
  compare("http.tls_before", was.http.tls_before, is.http.tls_before);
  compare("http.open_metrics", was.http.open_metrics, is.http.open_metrics);
  compare("workers", was.service.workers, is.service.workers);
  compare("replica", was.service.replica, is.service.replica);
  return changed;
}

/// What tells whether a file is another one than before: an editor replaces it, a mounted secret
/// is a link to another one.
std::string stamp_of(const std::string& file) {
  struct stat seen {};
  if (file.empty() || ::stat(file.c_str(), &seen) != 0) return {};
  return fmt::format("{} {} {}.{}", seen.st_ino, seen.st_size, seen.st_mtim.tv_sec,
                     seen.st_mtim.tv_nsec);
}

/// Threads that share their memory give back what a thousand passes have used.
void use_little_memory() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TRIM_THRESHOLD, 256 * 1024);
}

}  // namespace

Service::Service(Invocation invocation, ParseAgain again,
                 std::shared_ptr<postgres::EmbeddedServer> embedded, http::Tokens tokens)
    : invocation_(std::move(invocation)),
      again_(std::move(again)),
      embedded_(std::move(embedded)),
      replica_(replica_name(invocation_)),
      random_(std::random_device{}()),
      access_(std::move(tokens),
              {.hosts = invocation_.http.hosts, .tls_before = invocation_.http.tls_before}),
      metrics_([this] { return board_.all(); }),
      events_(io_),
      alerts_(io_, notifiers(invocation_.receivers, invocation_.http.public_address),
              {.random = [this] { return random(); },
               .count = [this](std::string_view receiver,
                               std::string_view result) { metrics_.notified(receiver, result); },
               .complain = [](const std::string& text) { spdlog::warn("{}", one_line(text)); },
               .database =
                   [this](const std::string& target) {
                     const auto known = work()->find(target);
                     return known ? work()->conninfo_of(*known) : std::string();
                   }}),
      audience_(metrics_, events_, alerts_),
      fleet_(board_, [this] { return work(); },
             {.passed = [this](PassReport report) { loop_.report(std::move(report)); },
              .approved = [this] { metrics_.approved(); },
              .healed = [this] { metrics_.healed(); }}),
      loop_(io_,
            {.workers = invocation_.service.workers,
             .replica = replica_,
             .random = [this] { return random(); }},
            board_, audience_),
      ends_(io_, SIGINT, SIGTERM),
      looks_(io_, SIGHUP),
      pulse_(io_),
      change_(io_),
      stamps_(stamps()),
      http_threads_(http_threads) {}

Service::~Service() { http_threads_.join(); }

/// Of the configuration first, and of what it names that is read again with it.
std::vector<std::string> Service::stamps() const {
  const config::Http& http = invocation_.http;
  return {stamp_of(invocation_.config_file), stamp_of(http.tokens_file),
          stamp_of(http.certificate_file), stamp_of(http.key_file)};
}

std::shared_ptr<ServeWork> Service::work() const {
  const std::scoped_lock lock(mutex_);
  return work_;
}

double Service::random() { return std::uniform_real_distribution<>()(random_); }

Result<void> Service::run() {
  if (auto started = start_http(); !started) return started;
  {
    const std::scoped_lock lock(mutex_);
    work_ = std::make_shared<ServeWork>(invocation_, replica_, embedded_);
  }
  metrics_.configuration_loaded(std::chrono::system_clock::now());
  loop_.use(setup());
  await_end();
  await_look();
  await_pulse();
  await_change();
  spdlog::info("reconcile {} as {}", RECONCILE_VERSION, replica_);
  io_.run();
  spdlog::info("stopped");
  return {};
}

std::shared_ptr<const loop::Setup> Service::setup() const {
  auto made = std::make_shared<loop::Setup>();
  made->work = work();
  made->targets = work()->loop_targets();
  made->fleets = work()->loop_fleets();
  made->polls.interval = invocation_.service.poll;
  made->leases.interval = invocation_.service.lease;
  made->leases.backoff = invocation_.service.lease;
  made->leases.longest = 4 * invocation_.service.lease;
  return made;
}

// ---- HTTP

Result<void> Service::start_http() {
  if (invocation_.http.listeners.empty()) return {};
  std::vector<http::Route> routes = http::api_routes(fleet_, events_);
  const auto add = [&](std::vector<http::Route> more) {
    std::ranges::move(more, std::back_inserter(routes));
  };
  add(http::probe_routes([this] { return not_ready(); }));
  add({http::metrics_route(metrics_, invocation_.http.open_metrics)});
  add(http::login_routes(access_, sign_in_page));
  add(page_routes(fleet_, access_));
  add(http::hook_routes(hooks()));
  site_.emplace(
      http::Router(std::move(routes)), access_,
      http::Witnesses{.access = [this](const http::AccessLine& line) { metrics_.requested(line); },
                      .audit =
                          [](const http::AuditEntry& entry) {
                            spdlog::info("{} by {} from {}: {} {}", one_line(entry.action),
                                         one_line(entry.who), entry.address, one_line(entry.target),
                                         entry.status);
                          }});
  server_.emplace(io_, http_threads_, server_options(invocation_.http), *site_);
  metrics_.watch_server([this] { return server_->connections(); },
                        [this] { return events_.subscriptions(); });
  if (auto started = server_->start(); !started) return started;
  for (const std::string& address : server_->addresses()) spdlog::info("listens on {}", address);
  return {};
}

std::string Service::not_ready() const {
  if (ending_) return "it is stopping";
  return loop_.has_looked_at_all() ? "" : "not every target has been looked at yet";
}

http::Hooks Service::hooks() {
  return {.secrets =
              [this] {
                return http::HookSecrets{.gitea = invocation_.http.gitea_secret,
                                         .github = invocation_.http.github_secret,
                                         .generic = invocation_.http.generic_secret};
              },
          .pushed = [this](const http::Push& push) { return pushed(push); },
          .count = [this](std::string_view kind,
                          std::string_view result) { metrics_.hooked(kind, result); }};
}

namespace {

/// Whether a push to `ref` may be about what the target follows.
bool is_followed(const config::Target& target, const std::string& ref) {
  if (!target.tag.empty()) return ref.starts_with("refs/tags/");
  return target.branch.empty() || ref == "refs/heads/" + target.branch;
}

}  // namespace

/// A push to another repository, or to what nobody follows, is none of our business.
bool Service::pushed(const http::Push& push) {
  const std::string ours = repository_name(invocation_.repository);
  const bool known = std::ranges::any_of(push.repositories, [&](const std::string& address) {
    return repository_name(address) == ours;
  });
  const auto follows = [&](const config::Target& target) { return is_followed(target, push.ref); };
  const bool followed = std::ranges::any_of(invocation_.targets, follows) ||
                        std::ranges::any_of(invocation_.fleets, follows, &config::Fleet::pattern);
  if (!known || !followed) return false;
  loop_.poll_again();
  return true;
}

// ---- signals and the clock

void Service::await_end() {
  ends_.async_wait([this](const boost::system::error_code& code, int) {
    if (code) return;
    // Asked twice, it does not wait for what it has begun: the server undoes it.
    if (std::exchange(ending_, true)) std::_Exit(1);
    spdlog::info("stopping: what has begun comes to its end; asked once more, it ends at once");
    await_end();
    loop_.stop([this] { stop_rest(); });
  });
}

void Service::stop_rest() {
  alerts_.stop();
  pulse_.cancel();
  change_.cancel();
  looks_.cancel();
  if (!server_) {
    ends_.cancel();
    return;
  }
  server_->stop(http_grace, [this] { ends_.cancel(); });
}

void Service::await_look() {
  looks_.async_wait([this](const boost::system::error_code& code, int) {
    if (code) return;
    reload();
    loop_.poll_again();
    loop_.look_again("");
    await_look();
  });
}

void Service::await_pulse() {
  pulse_.expires_after(alert_pulse);
  pulse_.async_wait([this](const boost::system::error_code& code) {
    if (code) return;
    alerts_.pulse(board_.all());
    await_pulse();
  });
}

// ---- another configuration

void Service::await_change() {
  if (invocation_.config_file.empty()) return;
  change_.expires_after(change_pulse);
  change_.async_wait([this](const boost::system::error_code& code) {
    if (code) return;
    if (stamps() != stamps_) reload();
    await_change();
  });
}

/// One that is not valid changes nothing: what was valid goes on.
void Service::reload() {
  if (ending_) return;
  // A file that an editor has taken away for a moment says nothing.
  std::vector<std::string> now = stamps();
  if (now.front().empty() && !stamps_.front().empty()) return;
  stamps_ = std::move(now);
  auto parsed = again_();
  auto used = std::holds_alternative<Farewell>(parsed)
                  ? Result<void>(Error{.kind = ErrorKind::Usage,
                                       .where = invocation_.config_file,
                                       .what = "the new configuration is not valid",
                                       .why = std::get<Farewell>(parsed).text,
                                       .next = "mend it: until then the one before counts"})
                  : use(std::get<Invocation>(std::move(parsed)));
  if (server_) {
    if (auto reloaded = server_->reload_certificate(); !reloaded)
      spdlog::warn("{}", one_line(describe(reloaded.error())));
  }
  if (used) {
    metrics_.configuration_loaded(std::chrono::system_clock::now());
    return;
  }
  metrics_.configuration_refused();
  spdlog::error("{}; next: {}", one_line(describe(used.error())), one_line(used.error().next));
}

Result<void> Service::use(Invocation invocation) {
  auto tokens = tokens_of(invocation.http);
  if (!tokens) return tokens.error();
  access_.replace(std::move(*tokens));
  alerts_.use(notifiers(invocation.receivers, invocation.http.public_address));
  for (const std::string_view key : fixed_keys(invocation_, invocation))
    spdlog::warn("{} has changed, which counts after a restart", key);
  invocation_ = std::move(invocation);
  auto next = std::make_shared<ServeWork>(invocation_, replica_, embedded_);
  next->go_on_from(*work());
  {
    const std::scoped_lock lock(mutex_);
    work_ = std::move(next);
  }
  loop_.use(setup());
  spdlog::info("configuration read: {} targets, {} fleets", invocation_.targets.size(),
               invocation_.fleets.size());
  return {};
}

namespace {

Result<std::shared_ptr<postgres::EmbeddedServer>> embedded_server(const Invocation& invocation) {
  const bool wanted = std::ranges::any_of(invocation.targets, [](const config::Target& target) {
    return target.database == "embedded";
  });
  if (!wanted) return std::shared_ptr<postgres::EmbeddedServer>();
  auto server = postgres::EmbeddedServer::start(
      {.folder = std::filesystem::path(invocation.state) / "postgres"});
  if (!server) return server.error();
  return std::make_shared<postgres::EmbeddedServer>(std::move(*server));
}

}  // namespace

int serve(const Invocation& invocation, const ParseAgain& again) {
  use_little_memory();
  auto embedded = embedded_server(invocation);
  if (!embedded) return report_failure(embedded.error());
  auto tokens = tokens_of(invocation.http);
  if (!tokens) return report_failure(tokens.error());
  Service service(invocation, again, *embedded, std::move(*tokens));
  if (auto ran = service.run(); !ran) return report_failure(ran.error());
  return 0;
}

}  // namespace reconcile::cli
