#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {

namespace {

/// Without the commit that is applied there is nothing to compare the database with.
bool is_unproven(const PassReport& report) {
  const auto* held = std::get_if<Held>(&report.outcome);
  return held != nullptr && held->holds.front().code == ReasonCode::UnprovenRevision;
}

}  // namespace

/// Looks at what differs, whatever becomes of the newest commit.
int drift(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    const PassReport report = pass_over(invocation, target, Mode::DryRun);
    const bool blind = std::holds_alternative<Failed>(report.outcome) || is_unproven(report);
    if (invocation.json) {
      std::cout << render_json(report);
    } else if (!blind) {
      std::cout << render_header(report, look_of(1))
                << (report.plan.drift.empty() ? "  nothing has drifted\n"
                                              : render_drift(report.plan.drift, look_of(1), true));
    }
    std::cout.flush();
    std::cerr << render_messages(report, look_of(2));
    code = most_urgent(code, blind ? exit_code(report.outcome) : report.plan.drift.empty() ? 0 : 2);
  }
  return code;
}

/// A pass over the revision that is applied, in which what git made is brought back.
int heal(const Invocation& invocation) {
  Invocation healing = invocation;
  for (config::Target& target : healing.targets) target.drift = "heal";
  return once(healing);
}

}  // namespace reconcile::cli
