#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>
#include <iostream>

#include "controller/cli/commands.h"
#include "controller/cli/terminal.h"
#include "controller/cli/wiring.h"
#include "reconcilers/render/status_json.h"

namespace reconcile::cli {
namespace {

/// What became of it, for people; empty where it is resumed.
using Change = std::function<Result<std::optional<Suspension>>(Ledger&)>;

Result<std::optional<Suspension>> change_target(const Invocation& invocation,
                                                const config::Target& target,
                                                const Change& change) {
  auto database = open_database(invocation, target);
  if (!database) return database.error();
  auto connection = database->connector->connect();
  if (!connection) return connection.error();
  return change((*connection)->ledger());
}

void print(const Invocation& invocation, const config::Target& target,
           const std::optional<Suspension>& suspension) {
  if (invocation.json) {
    boost::json::object document{{"target", target.name}, {"suspended", suspension.has_value()}};
    if (suspension) {
      for (auto& said : render::suspension_json(*suspension))
        document.insert_or_assign(said.key(), std::move(said.value()));
    }
    std::cout << boost::json::serialize(document) << "\n";
    return;
  }
  const std::string name = one_line(target.name);
  std::cout << (suspension
                    ? fmt::format("{}: {}\n  next: reconcile resume --target {}\n", name,
                                  one_line(describe(*suspension)), name)
                    : fmt::format("{}: resumed; the next pass applies what git has\n", name));
}

int over_targets(const Invocation& invocation, const Change& change) {
  int code = 0;
  for (const config::Target& target : invocation.targets) {
    auto changed = change_target(invocation, target, change);
    if (!changed) {
      code = most_urgent(code, report_failure(changed.error()));
      continue;
    }
    print(invocation, target, *changed);
  }
  return code;
}

}  // namespace

int suspend(const Invocation& invocation) {
  const SuspensionOptions& options = invocation.suspension;
  return over_targets(invocation, [&](Ledger& ledger) -> Result<std::optional<Suspension>> {
    auto suspended = ledger.suspend(options.reason, options.length);
    if (!suspended) return suspended.error();
    return std::optional<Suspension>(std::move(*suspended));
  });
}

int resume(const Invocation& invocation) {
  return over_targets(invocation, [](Ledger& ledger) -> Result<std::optional<Suspension>> {
    if (auto resumed = ledger.resume(); !resumed) return resumed.error();
    return std::optional<Suspension>();
  });
}

}  // namespace reconcile::cli
