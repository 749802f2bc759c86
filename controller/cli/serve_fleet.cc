#include "controller/cli/serve_fleet.h"

#include <fmt/format.h>

#include <algorithm>

#include "controller/directus/instances.h"
#include "reconcilers/policy/losses.h"

namespace reconcile::cli {
namespace {

constexpr std::size_t shortest_digest = 8;  // less may be how another plan begins, too

Error unknown(std::string_view target) {
  return {.kind = ErrorKind::Usage,
          .where = std::string(target),
          .what = "there is no target of this name",
          .why = "",
          .next = "name one that the list of targets has"};
}

/// Calls `use` with the target's connection.
template <class Use>
auto connected(ServeWork& work, std::string_view target, std::string_view actor, Use use)
    -> decltype(use(std::declval<Connection&>(), std::declval<const config::Target&>())) {
  const auto known = work.find(target);
  if (!known) return unknown(target);
  auto connection = work.connect(*known, std::string(actor));
  if (!connection) return connection.error();
  return use(**connection, *known);
}

void look_soon(ServeWork& work, std::string_view target) {
  // The next look comes by itself where this one cannot be asked for.
  if (const auto known = work.find(target)) static_cast<void>(work.look_again(*known));
}

}  // namespace

Result<PassReport> ServeFleet::plan(std::string_view target) {
  const auto work = work_();
  const auto known = work->find(target);
  if (!known) return unknown(target);
  // Of a target that follows another one, that is not always git's newest.
  const auto status = board_.find(target);
  const bool promoted = !known->follows.name.empty() && status && !status->git.commit.empty();
  return work->make_pass_for(*known, "", [&](PassOptions& options) {
    if (options.mode == Mode::Auto) options.mode = Mode::DryRun;
    if (!promoted) return;
    options.revision = status->git.commit;
    options.promoted = true;
  });
}

Result<std::vector<Attempt>> ServeFleet::history(std::string_view target, std::size_t limit) {
  return connected(
      *work_(), target, "",
      [&](Connection& connection, const config::Target&) -> Result<std::vector<Attempt>> {
        return connection.ledger().history(limit);
      });
}

Result<std::vector<Revision>> ServeFleet::commits(std::string_view target, std::size_t limit) {
  const auto work = work_();
  const auto known = work->find(target);
  if (!known) return unknown(target);
  return work->commits(*known, limit);
}

Result<std::vector<ObjectRecord>> ServeFleet::blame(std::string_view target,
                                                    std::string_view object) {
  const auto work = work_();
  auto records = connected(
      *work, target, "",
      [&](Connection& connection, const config::Target&) -> Result<std::vector<ObjectRecord>> {
        return connection.inventory().find(object);
      });
  if (!records) return records.error();
  return work->with_commits(std::move(*records));
}

Result<std::vector<QuarantineEntry>> ServeFleet::quarantine(std::string_view target) {
  return connected(
      *work_(), target, "",
      [&](Connection& connection, const config::Target&) -> Result<std::vector<QuarantineEntry>> {
        return connection.quarantine().list();
      });
}

Result<void> ServeFleet::look_again(std::string_view target) {
  const auto work = work_();
  if (target.empty()) return work->look_again();
  const auto known = work->find(target);
  if (!known) return unknown(target);
  return work->look_again(*known);
}

Result<Approval> ServeFleet::approve(std::string_view target, std::string_view plan_digest,
                                     std::string_view reason, std::string_view actor) {
  auto report = plan(target);
  if (!report) return report.error();
  const auto refused = [&](std::string what, std::string next) {
    return Error{.kind = ErrorKind::Conflict,
                 .where = std::string(target),
                 .what = std::move(what),
                 .why = "",
                 .next = std::move(next)};
  };
  if (const auto* failure = std::get_if<Failed>(&report->outcome)) return failure->error;
  const auto* waiting = std::get_if<Held>(&report->outcome);
  if (waiting == nullptr || std::ranges::none_of(waiting->holds, policy::is_of_losses))
    return refused("nothing waits for an approval", "look at the target again");
  if (plan_digest.size() < shortest_digest || !report->plan.digest.starts_with(plan_digest))
    return refused(fmt::format("the plan of now is {}, not {}", report->plan.digest.substr(0, 12),
                               plan_digest.substr(0, 12)),
                   "look at the plan again, and approve what it shows");
  Approval approval = policy::approval_of(report->plan, report->revision);
  approval.reason = reason;
  approval.actor = actor;
  const auto work = work_();
  auto recorded = connected(*work, target, actor,
                            [&](Connection& connection, const config::Target&) -> Result<void> {
                              return connection.ledger().approve(approval);
                            });
  if (!recorded) return recorded.error();
  witnesses_.approved();
  look_soon(*work, target);
  return approval;
}

Result<Suspension> ServeFleet::suspend(std::string_view target, std::string_view reason,
                                       std::optional<std::chrono::seconds> length,
                                       std::string_view actor) {
  const auto work = work_();
  auto suspended =
      connected(*work, target, actor,
                [&](Connection& connection, const config::Target&) -> Result<Suspension> {
                  return connection.ledger().suspend(reason, length);
                });
  look_soon(*work, target);
  return suspended;
}

Result<void> ServeFleet::resume(std::string_view target, std::string_view actor) {
  const auto work = work_();
  auto resumed = connected(*work, target, actor,
                           [&](Connection& connection, const config::Target&) -> Result<void> {
                             return connection.ledger().resume();
                           });
  look_soon(*work, target);
  return resumed;
}

Result<PassReport> ServeFleet::heal(std::string_view target, std::string_view actor) {
  const auto work = work_();
  const auto known = work->find(target);
  if (!known) return unknown(target);
  PassReport report = work->make_pass_for(*known, std::string(actor), [](PassOptions& options) {
    options.drift = DriftPolicy::Heal;
    options.at_base = true;
  });
  if (std::holds_alternative<Applied>(report.outcome)) witnesses_.healed();
  // Of a target that waits with a newer commit, this pass says nothing: it still waits.
  const auto status = board_.find(target);
  if (status && status->git.commit == report.revision.commit) witnesses_.passed(report);
  look_soon(*work, target);
  return report;
}

Result<std::vector<std::string>> ServeFleet::restore(std::string_view target, std::int64_t entry,
                                                     std::string_view actor) {
  const auto work = work_();
  auto restored = connected(
      *work, target, actor,
      [&](Connection& connection, const config::Target& known) -> Result<std::vector<std::string>> {
        std::vector<std::string> instances;
        for (const auto& address : known.directus.instances) instances.push_back(address.text);
        return connection.quarantine().restore(entry, known.lock_timeout, instances);
      });
  look_soon(*work, target);
  return restored;
}

}  // namespace reconcile::cli
