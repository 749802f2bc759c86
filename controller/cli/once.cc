#include <fmt/format.h>

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {

int once(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    const PassReport report = pass_over(invocation, target, mode_of(target));
    if (invocation.json) {
      std::cout << render_json(report);
    } else {
      std::cout << render_plan(report, look_of(1), invocation.verbose)
                << render_outcome(report, look_of(1));
    }
    std::cout.flush();
    std::cerr << render_messages(report, look_of(2));
    code = most_urgent(code, exit_code(report.outcome));
  }
  return code;
}

}  // namespace reconcile::cli
