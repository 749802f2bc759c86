#include <fmt/format.h>

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {
namespace {

std::string next_step(const Outcome& outcome) {
  if (std::holds_alternative<Pending>(outcome))
    return "Next: the same command line with --once instead of plan applies it\n";
  if (std::holds_alternative<InSync>(outcome))
    return "The database is what git says; nothing to do\n";
  return "";
}

}  // namespace

int plan(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    const PassReport report = pass_over(invocation, target, Mode::DryRun);
    std::cout << (invocation.json       ? render_json(report)
                  : invocation.markdown ? render_markdown(report)
                                        : render_plan(report, look_of(1), invocation.verbose) +
                                              next_step(report.outcome));
    std::cout.flush();
    std::cerr << render_messages(report, look_of(2));
    code = most_urgent(code, exit_code(report.outcome));
  }
  return code;
}

}  // namespace reconcile::cli
