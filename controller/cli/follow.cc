#include <fmt/format.h>

#include <algorithm>

#include "controller/cli/wiring.h"
#include "reconcilers/policy/promotion.h"
#include "reconcilers/status/standing.h"

namespace reconcile::cli {
namespace {

/// What a followed target is like now. Its windows and what it follows itself say nothing about
/// what it has.
Result<PassReport> look_at(const Invocation& invocation, const config::Target& target) {
  auto source = git::open_source(git_options(invocation));
  if (!source) return source.error();
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  const Mode mode = mode_of(target) == Mode::Skip ? Mode::Skip : Mode::DryRun;
  PassOptions options = pass_options(invocation, target, mode);
  options.tells_stays = true;
  options.tells_failure = true;
  return run_logged_pass(options, **source, *database->connector, {});
}

/// All that a name stands for: a target, one of a fleet, or a whole fleet.
Result<std::vector<config::Target>> followed_by(const Invocation& invocation,
                                                const std::string& name) {
  for (const auto* list : {&invocation.targets, &invocation.others}) {
    const auto found = std::ranges::find(*list, name, &config::Target::name);
    if (found != list->end()) return std::vector{*found};
  }
  std::vector<config::Target> members;
  for (const config::Fleet& fleet : invocation.fleets) {
    auto databases = databases_of(fleet);
    if (!databases) return databases.error();
    for (const std::string& database : *databases) {
      config::Target member = member_of(fleet, database);
      if (fleet.name == name || member.name == name) members.push_back(std::move(member));
    }
  }
  return members;
}

}  // namespace

Result<Chosen> follow(const Invocation& invocation, const config::Target& target, Source& source,
                      PassOptions options) {
  const bool chosen = !options.revision.empty() || options.rollback || options.at_base ||
                      options.throwaway || options.mode == Mode::Skip;
  if (target.follows.name.empty() || chosen) return Chosen{std::move(options), std::nullopt};
  auto newest = newest_of(source, invocation, target);
  if (!newest) return newest.error();
  auto targets = followed_by(invocation, target.follows.name);
  if (!targets) return targets.error();
  std::vector<PassReport> reports;
  for (const config::Target& one : *targets) {
    auto report = look_at(invocation, one);
    reports.push_back(report ? std::move(*report)
                             : ended_early(one.name, Stage::Connect, report.error()));
  }
  std::vector<policy::Followed> followed;
  for (const PassReport& report : reports) {
    const Standing standing = standing_of(report);
    followed.push_back(
        {report.target,
         policy::is_wrong_to_follow(standing) ? std::string(word_of(standing.headline)) : "",
         report.stays ? std::span<const Stay>(*report.stays) : std::span<const Stay>()});
  }
  policy::Promotion promotion =
      policy::promote(target.follows, followed, newest->commit, std::chrono::system_clock::now());
  options.revision = promotion.commit.empty() ? newest->commit : promotion.commit;
  options.promoted = !promotion.commit.empty();
  if (!options.promoted && promotion.waits) options.gates.push_back(*promotion.waits);
  return Chosen{std::move(options), std::move(promotion.waits)};
}

}  // namespace reconcile::cli
