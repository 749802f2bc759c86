#include <fmt/format.h>

#include <algorithm>

#include "controller/cli/wiring.h"
#include "controller/postgres/server_databases.h"

namespace reconcile::cli {

config::Target member_of(const config::Fleet& fleet, const std::string& database) {
  config::Target target = fleet.pattern;
  target.name = fleet.prefix + database;
  target.database = postgres::with_database(fleet.server, database);
  return target;
}

Result<std::vector<std::string>> databases_of(const config::Fleet& fleet) {
  auto databases = postgres::databases_like(fleet.server, fleet.like);
  if (!databases) return databases;
  std::erase_if(*databases, [&](const std::string& database) {
    return std::ranges::find(fleet.exclude, database) != fleet.exclude.end();
  });
  return databases;
}

namespace {

/// Commands about what is in one database.
bool is_about_one(const Invocation& invocation) {
  switch (invocation.command) {
    case Command::Adopt:
    case Command::Rollback:
      return true;
    case Command::Snapshot:
      return !invocation.snapshot.check;
    case Command::Restore:
    case Command::Purge:
      return !invocation.guard.objects.empty();
    default:
      return false;
  }
}

}  // namespace

Result<void> look_up_fleets(Invocation& invocation) {
  if (invocation.fleets.empty()) return {};
  const auto wanted = [&](const std::string& name) {
    return invocation.named.empty() ||
           std::ranges::find(invocation.named, name) != invocation.named.end();
  };
  const auto known = [&](const std::string& name) {
    return std::ranges::find(invocation.targets, name, &config::Target::name) !=
           invocation.targets.end();
  };
  for (const config::Fleet& fleet : invocation.fleets) {
    auto databases = databases_of(fleet);
    if (!databases) return databases.error();
    for (const std::string& database : *databases) {
      config::Target target = member_of(fleet, database);
      if (wanted(target.name) && !known(target.name))
        invocation.targets.push_back(std::move(target));
    }
  }
  for (const std::string& name : invocation.named) {
    if (known(name)) continue;
    return Error{.kind = ErrorKind::Usage,
                 .where = "--target",
                 .what = fmt::format(
                     "there is no target \"{}\" in the configuration, and no fleet has one", name),
                 .why = "",
                 .next = "name one of its targets: reconcile status lists them"};
  }
  if (invocation.targets.empty() || (is_about_one(invocation) && invocation.targets.size() > 1)) {
    return Error{.kind = ErrorKind::Usage,
                 .where = "--target",
                 .what = invocation.targets.empty()
                             ? "the fleets of the configuration have no database"
                             : "this command is about one target, and there are several",
                 .why = "",
                 .next = invocation.targets.empty() ? "look at the patterns of `databases`"
                                                    : "add --target NAME"};
  }
  return {};
}

}  // namespace reconcile::cli
