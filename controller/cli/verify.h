#pragma once

#include <string>
#include <vector>

#include "controller/cli/options.h"
#include "controller/cli/terminal.h"
#include "controller/postgres/throwaway_databases.h"
#include "reconcilers/core/result.h"
#include "reconcilers/pass/verification.h"
#include "reconcilers/ports/source.h"

namespace reconcile::cli {

/// Where the tables of Directus are committed by default.
inline constexpr const char* default_directus_tables = "snapshots/directus-tables.sql";

/// Whether the command line names a database of the target that may be looked at.
bool may_look_at(const Invocation& invocation, const config::Target& target);

/// Makes a database called `name` with the tables of Directus and nothing else: from a committed
/// file, by the configured bootstrap command, or after the target's own. Errors say what to give.
Result<void> make_directus_template(postgres::ThrowawayDatabases& databases,
                                    const std::string& name, const Invocation& invocation,
                                    const config::Target& target, Source& source,
                                    const Revision& candidate);

/// For `verify --write-directus-tables`.
Result<std::string> write_directus_tables(const Invocation& invocation,
                                          const config::Target& target);

/// One line a finding, then what it came to.
std::string render_verification(const Verification& verification, const Look& look);
/// What is worth knowing besides, for stderr.
std::string render_verification_notes(const Verification& verification, const Look& look);
std::string render_verification_json(const Verification& verification);
/// Where it could not be verified at all.
std::string render_verification_json(const std::string& target, const Error& error);

}  // namespace reconcile::cli
