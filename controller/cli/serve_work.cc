#include "controller/cli/serve_work.h"

#include <algorithm>
#include <set>

#include "controller/cli/blame.h"
#include "controller/git/git_source.h"
#include "controller/postgres/session_leadership.h"
#include "controller/postgres/target_database.h"

namespace reconcile::cli {
namespace {

/// No branch has a space in its name.
constexpr std::string_view of_tags = "tag ";

/// What of the repository a target follows, in one word for the loop.
std::string selection_of(const config::Target& target) {
  return target.tag.empty() ? target.branch : std::string(of_tags) + target.tag;
}

Result<Revision> newest_of(Source& source, std::string_view selection) {
  if (selection.starts_with(of_tags)) return source.fetch_tag(selection.substr(of_tags.size()));
  return source.fetch(selection, "");
}

}  // namespace

ServeWork::ServeWork(Invocation invocation, std::string replica,
                     std::shared_ptr<postgres::EmbeddedServer> embedded)
    : invocation_(std::move(invocation)),
      replica_(std::move(replica)),
      embedded_(std::move(embedded)) {}

void ServeWork::go_on_from(const ServeWork& before) {
  const std::scoped_lock lock(mutex_, before.mutex_);
  for (const auto& [name, found] : before.found_) {
    const auto fleet =
        std::ranges::find(invocation_.fleets, found.fleet->name, &config::Fleet::name);
    if (fleet != invocation_.fleets.end()) found_.emplace(name, Found{&*fleet, found.database});
  }
}

std::optional<config::Target> ServeWork::find(std::string_view name) const {
  const auto configured = std::ranges::find(invocation_.targets, name, &config::Target::name);
  if (configured != invocation_.targets.end()) return *configured;
  const std::scoped_lock lock(mutex_);
  const auto found = found_.find(name);
  if (found == found_.end()) return std::nullopt;
  return member_of(*found->second.fleet, found->second.database);
}

std::string ServeWork::conninfo_of(const config::Target& target) const {
  return target.database == "embedded" && embedded_ ? embedded_->conninfo() : target.database;
}

loop::LoopTarget ServeWork::loop_target(const config::Target& target) const {
  return {.name = target.name,
          .environment = target.environment,
          .repository = selection_of(target),
          .home = conninfo_of(target),
          .rhythm = {.interval = target.interval},
          .depends_on = target.depends_on,
          .follows = target.follows,
          .goes_in_turn = !target.depends_on.empty() || !target.follows.name.empty()};
}

std::vector<loop::LoopTarget> ServeWork::loop_targets() const {
  std::vector<loop::LoopTarget> all;
  for (const config::Target& target : invocation_.targets) all.push_back(loop_target(target));
  return all;
}

std::vector<loop::LoopFleet> ServeWork::loop_fleets() const {
  std::vector<loop::LoopFleet> all;
  for (const config::Fleet& fleet : invocation_.fleets) all.push_back({fleet.name, fleet.rollout});
  return all;
}

Result<std::vector<loop::LoopTarget>> ServeWork::discover(const std::string& name) {
  const config::Fleet& fleet = *std::ranges::find(invocation_.fleets, name, &config::Fleet::name);
  auto databases = databases_of(fleet);
  if (!databases) return databases.error();
  std::vector<loop::LoopTarget> targets;
  std::map<std::string, Found, std::less<>> found;
  for (const std::string& database : *databases) {
    loop::LoopTarget target = loop_target(member_of(fleet, database));
    target.fleet = fleet.name;
    target.home = fleet.server;
    target.goes_in_turn = target.goes_in_turn || fleet.rollout.in_waves();
    found.emplace(target.name, Found{&fleet, database});
    targets.push_back(std::move(target));
  }
  const std::scoped_lock lock(mutex_);
  std::erase_if(found_, [&](const auto& known) { return known.second.fleet == &fleet; });
  found_.merge(found);
  return targets;
}

Result<std::unique_ptr<Source>> ServeWork::take_source() {
  {
    const std::scoped_lock lock(mutex_);
    if (!sources_.empty()) {
      std::unique_ptr<Source> source = std::move(sources_.back());
      sources_.pop_back();
      return source;
    }
  }
  git::Options options = git_options(invocation_);
  // One look at the repository serves all passes.
  options.offline = true;
  return git::open_source(options);
}

void ServeWork::put_back(std::unique_ptr<Source> source) {
  const std::scoped_lock lock(mutex_);
  sources_.push_back(std::move(source));
}

PassReport ServeWork::make_pass(const std::string& name, const loop::PassOrder& order) {
  const auto target = find(name);
  if (!target) {
    return ended_early(
        name, Stage::Configure,
        {.where = name, .what = "it is no target any more", .why = "", .next = "nothing"});
  }
  const auto adjust = [&](PassOptions& options) {
    if (!order.leads && options.mode == Mode::Auto) {
      options.mode = Mode::DryRun;
      options.tells_failure = true;
    }
    options.gates.insert(options.gates.end(), order.gates.begin(), order.gates.end());
    options.fence = order.fence;
    if (!order.revision.empty()) options.revision = order.revision;
    options.promoted = order.promoted;
    options.tells_stays = order.followed;
  };
  PassReport report =
      without_faults(name, [&] { return make_pass_for(*target, replica_, adjust); });
  // Who does not hear of it finds out at the next look.
  if (order.leads && is_news(report) && order.tells_others) static_cast<void>(look_again(*target));
  return report;
}

/// Whether others have to hear what a target that this replica leads has come to. What goes wrong
/// in the same way again and again is said once.
bool ServeWork::is_news(const PassReport& report) {
  const Headline headline = standing_of(report).headline;
  const bool wrong = headline == Headline::Failed || headline == Headline::NeedsApproval ||
                     headline == Headline::Held;
  const std::scoped_lock lock(mutex_);
  if (!wrong) {
    wrong_.erase(report.target);
    return std::holds_alternative<Applied>(report.outcome);
  }
  auto said = std::pair(report.revision.commit, headline);
  return std::exchange(wrong_[report.target], said) != said;
}

PassReport ServeWork::make_pass_for(const config::Target& target, const std::string& actor,
                                    const std::function<void(PassOptions&)>& adjust) {
  auto source = take_source();
  if (!source) return ended_early(target.name, Stage::Fetch, source.error());
  PassOptions options = pass_options(invocation_, target, mode_of(target));
  adjust(options);
  const auto connector = postgres::connector(conninfo_of(target), actor);
  PassReport report = run_logged_pass(options, **source, *connector, beside(target));
  put_back(std::move(*source));
  return report;
}

Result<std::unique_ptr<Connection>> ServeWork::connect(const config::Target& target,
                                                       const std::string& actor) const {
  return postgres::connector(conninfo_of(target), actor)->connect();
}

Result<std::vector<Revision>> ServeWork::commits(const config::Target& target, std::size_t limit) {
  auto source = take_source();
  if (!source) return source.error();
  auto newest = newest_of(**source, selection_of(target));
  auto list = newest ? (*source)->between("", *newest, limit)
                     : Result<std::vector<Revision>>(newest.error());
  put_back(std::move(*source));
  return list;
}

Result<std::vector<ObjectRecord>> ServeWork::with_commits(std::vector<ObjectRecord> records) {
  auto source = take_source();
  if (!source) return source.error();
  auto known = cli::with_commits(**source, std::move(records));
  put_back(std::move(*source));
  return known;
}

Result<void> ServeWork::look_again(const config::Target& target) const {
  return postgres::tell_replicas(home_of(target), target.name);
}

Result<void> ServeWork::look_again() const {
  std::set<std::string> homes;
  for (const config::Target& target : invocation_.targets) homes.insert(conninfo_of(target));
  for (const config::Fleet& fleet : invocation_.fleets) homes.insert(fleet.server);
  Result<void> all;
  for (const std::string& home : homes) {
    if (auto told = postgres::tell_replicas(home, ""); !told) all = told;
  }
  return all;
}

std::string ServeWork::home_of(const config::Target& target) const {
  const std::scoped_lock lock(mutex_);
  const auto found = found_.find(target.name);
  return found == found_.end() ? conninfo_of(target) : found->second.fleet->server;
}

Result<std::string> ServeWork::poll(const std::string& selection) {
  if (auto updated = git::update_mirror(git_options(invocation_)); !updated) return updated.error();
  auto source = take_source();
  if (!source) return source.error();
  auto newest = newest_of(**source, selection);
  put_back(std::move(*source));
  if (!newest) return newest.error();
  return newest->commit;
}

Result<std::unique_ptr<Leadership>> ServeWork::open_home(const std::string& home) {
  return postgres::open_leadership(home, replica_);
}

}  // namespace reconcile::cli
