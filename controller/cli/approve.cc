#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"
#include "reconcilers/policy/losses.h"

namespace reconcile::cli {
namespace {

using policy::is_of_losses;

Result<void> record(const Invocation& invocation, const config::Target& target,
                    const Approval& approval) {
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  return (*connection)->ledger().approve(approval);
}

std::string render(const PassReport& report, const Approval& approval) {
  std::string text =
      fmt::format("Approved on {}: the plan {} of {} may lose\n", one_line(report.target),
                  report.plan.digest.substr(0, 12), report.revision.short_commit());
  for (const auto& [object, rows] : approval.rows) {
    text +=
        fmt::format("  {}{}\n", one_line(object),
                    rows == Approval::uncounted ? "" : fmt::format("  ({})", rows_in_words(rows)));
  }
  return text +
         "It counts for this commit, this plan and this state of the database together; the next "
         "pass applies it\n";
}

std::string render_json(const PassReport& report, const Approval& approval) {
  boost::json::array objects;
  for (const auto& [object, rows] : approval.rows) {
    objects.push_back({{"object", object},
                       {"rows", rows == Approval::uncounted ? boost::json::value(nullptr)
                                                            : boost::json::value(rows)}});
  }
  const boost::json::object document{{"target", report.target},
                                     {"revision", approval.revision},
                                     {"plan_digest", approval.plan_digest},
                                     {"fingerprint", approval.fingerprint},
                                     {"approved", true},
                                     {"objects", std::move(objects)}};
  return boost::json::serialize(document) + "\n";
}

/// Ends with what a pass would have said where there is nothing that an approval could lift.
int nothing_to_approve(const PassReport& report, bool json) {
  const bool quiet = std::holds_alternative<InSync>(report.outcome) ||
                     std::holds_alternative<Pending>(report.outcome);
  if (json) {
    std::cout << reconcile::cli::render_json(report);
  } else if (quiet) {
    std::cout << fmt::format("{}: nothing waits for an approval\n", one_line(report.target));
  }
  std::cerr << render_messages(report, look_of(2));
  return quiet ? 0 : exit_code(report.outcome);
}

int approve_target(const Invocation& invocation, const config::Target& target) {
  PassReport report = pass_over(invocation, target, Mode::DryRun);
  const auto* waiting = std::get_if<Held>(&report.outcome);
  if (waiting == nullptr || std::ranges::none_of(waiting->holds, is_of_losses))
    return nothing_to_approve(report, invocation.json);
  if (!report.plan.digest.starts_with(invocation.guard.plan)) {
    std::cerr << fmt::format(
        "{}: the plan of now is {}, not {}; nothing was approved\n  next: look at `reconcile plan` "
        "again, and approve what it shows\n",
        one_line(report.target), report.plan.digest.substr(0, 12), one_line(invocation.guard.plan));
    return 3;
  }
  if (!invocation.json) std::cout << render_plan(report, look_of(1), invocation.verbose);
  Approval approval = policy::approval_of(report.plan, report.revision);
  approval.reason = invocation.guard.reason;
  if (auto recorded = record(invocation, target, approval); !recorded) {
    report.outcome = Failed{Stage::Connect, recorded.error()};
    std::cerr << render_messages(report, look_of(2));
    return exit_code(report.outcome);
  }
  std::cout << (invocation.json ? render_json(report, approval) : render(report, approval));
  // What an approval does not lift stays to be decided.
  std::vector<Hold> others;
  std::ranges::remove_copy_if(waiting->holds, std::back_inserter(others), is_of_losses);
  if (others.empty()) return 0;
  report.outcome = Held{std::move(others)};
  std::cerr << render_messages(report, look_of(2));
  return 3;
}

}  // namespace

int approve(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets)
    code = most_urgent(code, approve_target(invocation, target));
  return code;
}

}  // namespace reconcile::cli
