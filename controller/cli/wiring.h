#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "controller/cli/options.h"
#include "controller/git/git_source.h"
#include "controller/postgres/embedded_server.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/ports/database.h"
#include "reconcilers/ports/directus.h"
#include "reconcilers/ports/source.h"

namespace reconcile::cli {

/// The repository, and how it is reached.
git::Options git_options(const Invocation& invocation);

/// The revision that the command line names, or the newest of the target's branch or tags.
Result<Revision> newest_of(Source& source, const Invocation& invocation,
                           const config::Target& target);

/// A target's database, with the server it needs for as long as it is used.
struct Database {
  std::optional<postgres::EmbeddedServer> server;  ///< only for `--database embedded`
  std::unique_ptr<Connector> connector;
};
Result<Database> open_database(const Invocation& invocation, const config::Target& target);

/// What a fleet's target in that database is like.
config::Target member_of(const config::Fleet& fleet, const std::string& database);
/// The databases of a fleet.
Result<std::vector<std::string>> databases_of(const config::Fleet& fleet);
/// Adds the targets of fleets to those of the configuration, where they were asked for.
Result<void> look_up_fleets(Invocation& invocation);

/// What runs beside a target's database.
struct Beside {
  std::unique_ptr<Instances> instances;  ///< null where none is configured
  std::unique_ptr<Installer> installer;  ///< null where no command is
};
Beside beside(const config::Target& target);

/// What command line and configuration say of a pass over `target`.
PassOptions pass_options(const Invocation& invocation, const config::Target& target, Mode mode);

/// A pass over a target that follows another one.
struct Chosen {
  PassOptions options;
  std::optional<Hold> waits;  ///< why git's newest commit does not come yet
};
/// Looks at the followed target, and chooses what comes from there, or closes a gate where nothing
/// does. Who names a revision, or goes back, has chosen already.
Result<Chosen> follow(const Invocation& invocation, const config::Target& target, Source& source,
                      PassOptions options);

/// The same with ports that are there already; says its stages in the log.
PassReport run_logged_pass(const PassOptions& options, Source& source, Connector& connector,
                           const Beside& beside);

/// What `pass` reports. What it throws is a fault of ours; it ends this pass, and nothing else.
PassReport without_faults(const std::string& target, const std::function<PassReport()>& pass);

/// One pass over one target, with the real git, the real database and the real clock.
PassReport pass_over(const Invocation& invocation, const config::Target& target, Mode mode);

/// The mode that the configuration or the command line names.
Mode mode_of(const config::Target& target);

/// "user@host", for the ledger.
std::string actor();

}  // namespace reconcile::cli
