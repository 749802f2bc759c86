#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {

/// Status looks; it judges nothing, so whatever it finds it exits 0, unless it could not look.
int status(const Invocation& invocation) {
  int code = 0;
  std::vector<PassReport> reports;
  for (const config::Target& target : invocation.targets) {
    PassReport report =
        pass_over(invocation, target, mode_of(target) == Mode::Skip ? Mode::Skip : Mode::DryRun);
    if (std::holds_alternative<Failed>(report.outcome))
      code = most_urgent(code, exit_code(report.outcome));
    if (invocation.json) std::cout << render_json(report);
    reports.push_back(std::move(report));
  }
  if (!invocation.json) std::cout << render_status(reports, look_of(1));
  std::cout.flush();
  for (const PassReport& report : reports) std::cerr << render_messages(report, look_of(2));
  return code;
}

}  // namespace reconcile::cli
