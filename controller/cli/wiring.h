#pragma once

#include <memory>
#include <optional>
#include <string>

#include "controller/cli/options.h"
#include "controller/postgres/embedded_server.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/ports/database.h"
#include "reconcilers/ports/directus.h"

namespace reconcile::cli {

/// A target's database, with the server it needs for as long as it is used.
struct Database {
  std::optional<postgres::EmbeddedServer> server;  ///< only for `--database embedded`
  std::unique_ptr<Connector> connector;
};
Result<Database> open_database(const Invocation& invocation, const config::Target& target);

/// What runs beside a target's database.
struct Beside {
  std::unique_ptr<Instances> instances;  ///< null where none is configured
  std::unique_ptr<Installer> installer;  ///< null where no command is
};
Beside beside(const config::Target& target);

/// One pass over one target, with the real git, the real database and the real clock.
PassReport pass_over(const Invocation& invocation, const config::Target& target, Mode mode);

/// The mode that the configuration or the command line names.
Mode mode_of(const config::Target& target);

/// "user@host", for the ledger.
std::string actor();

}  // namespace reconcile::cli
