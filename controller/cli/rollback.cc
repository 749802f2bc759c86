#include <fmt/format.h>

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {
namespace {

/// Without --yes it only shows its plan. A target that the configuration keeps from being changed
/// stays as it is.
Mode mode_of_rollback(const Invocation& invocation, const config::Target& target) {
  const Mode configured = mode_of(target);
  return configured == Mode::Auto && !invocation.rollback.meant ? Mode::DryRun : configured;
}

std::string what_now(const PassReport& report, Mode mode, bool meant) {
  if (std::holds_alternative<Pending>(report.outcome)) {
    return std::string("SQL is not undone: what it did stays, and stays recorded\n") +
           (meant ? "Next: this target's mode is dry-run; --mode auto does it all the same\n"
                  : "Next: the same command line with --yes goes back\n");
  }
  if (std::holds_alternative<Applied>(report.outcome)) {
    return fmt::format(
        "What was applied is held from now on, until a commit arrives that builds "
        "on it\n");
  }
  if (std::holds_alternative<InSync>(report.outcome) && mode != Mode::Skip)
    return "The database is at this revision; nothing to do\n";
  return "";
}

}  // namespace

int rollback(const Invocation& invocation) {
  const config::Target& target = invocation.targets.front();
  const Mode mode = mode_of_rollback(invocation, target);
  const PassReport report = pass_over(invocation, target, mode);
  if (invocation.json) {
    std::cout << render_json(report);
  } else {
    std::cout << render_plan(report, look_of(1), invocation.verbose);
    if (mode == Mode::Auto) std::cout << render_outcome(report, look_of(1));
    std::cout << what_now(report, mode, invocation.rollback.meant);
  }
  std::cout.flush();
  std::cerr << render_messages(report, look_of(2));
  return exit_code(report.outcome);
}

}  // namespace reconcile::cli
