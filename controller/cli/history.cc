#include <fmt/format.h>

#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"

namespace reconcile::cli {
namespace {

Result<std::vector<Attempt>> read_history(const Invocation& invocation,
                                          const config::Target& target) {
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  return (*connection)->ledger().history(invocation.limit);
}

}  // namespace

int history(const Invocation& invocation) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    const auto attempts = read_history(invocation, target);
    if (!attempts) {
      PassReport report;
      report.target = target.name;
      report.outcome = Failed{Stage::Read, attempts.error()};
      std::cerr << render_messages(report, look_of(2));
      code = most_urgent(code, exit_code(report.outcome));
      continue;
    }
    std::cout << (invocation.json ? render_history_json(target.name, *attempts)
                                  : render_history(target.name, *attempts, look_of(1)));
  }
  return code;
}

}  // namespace reconcile::cli
