#include "controller/cli/serve_audience.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "controller/cli/terminal.h"
#include "controller/http/api.h"

namespace reconcile::cli {
namespace {

spdlog::level::level_enum level_of(const Standing& standing) {
  if (standing.headline == Headline::Failed) return spdlog::level::err;
  return standing.headline < Headline::Applying ? spdlog::level::warn : spdlog::level::info;
}

}  // namespace

/// One line for what is news; what stays as it was is none.
void ServeAudience::passed(const TargetStatus& before, const TargetStatus& after,
                           const PassReport& report) {
  const bool applied = std::holds_alternative<Applied>(report.outcome);
  const bool news = applied || before.standing != after.standing;
  spdlog::log(news ? level_of(after.standing) : spdlog::level::debug, "{}: {}{} ({} ms)",
              after.target,
              applied ? fmt::format("applied {}, {} steps; ", after.git.short_commit(),
                                    report.plan.steps.size())
                      : "",
              one_line(sentence(after.standing)), report.duration.count());
  metrics_.pass_ended(report, after.checked);
  alerts_.tell(after, alerts::News::PassEnded);
}

void ServeAudience::changed(const TargetStatus& status) {
  events_.publish(http::target_event(status));
}

void ServeAudience::undiscovered(const std::string& fleet, const Error& error) {
  spdlog::warn("{}: its databases could not be looked up: {}", fleet, one_line(describe(error)));
}

void ServeAudience::polled(const std::string&, const Result<std::string>& result,
                           std::chrono::milliseconds took) {
  metrics_.fetched(result.has_value(), took);
  if (!result) spdlog::warn("git: {}", one_line(describe(result.error())));
  if (result && git_fails_) spdlog::info("git: it answers again");
  git_fails_ = !result.has_value();
}

void ServeAudience::answered(const std::string& repository, const std::string& first,
                             const std::optional<Standing>& away, WallTime since) {
  const std::string name = repository.empty() ? "git" : "git " + repository;
  alerts_.tell(alerts::Repository{.name = name, .away = away, .since = since}, first);
}

void ServeAudience::led(const std::string& target, const std::optional<Fence>& fence,
                        const std::string& leader) {
  alerts_.led(target, fence, leader);
}

void ServeAudience::removed(const std::string& target) { alerts_.removed(target); }

void ServeAudience::heard(const std::string&, const Notice& notice) {
  spdlog::debug("heard on {}: {}", notice.channel, one_line(notice.text));
}

}  // namespace reconcile::cli
