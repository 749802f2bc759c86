#pragma once

#include <CLI/CLI.hpp>

#include "controller/cli/options.h"

namespace reconcile::cli {

/// Declare a command with the options that are its own; what is given is put into `options`, which
/// outlives the parsing.
CLI::App* add_adopt(CLI::App& app, AdoptOptions& options);
CLI::App* add_rollback(CLI::App& app, RollbackOptions& options);
CLI::App* add_verify(CLI::App& app, VerifyOptions& options);
CLI::App* add_snapshot(CLI::App& app, SnapshotOptions& options);
/// approve, restore and purge.
void add_guard(CLI::App& app, GuardOptions& guard, RollbackOptions& rollback);
/// suspend and resume.
void add_suspension(CLI::App& app, SuspensionOptions& options);

}  // namespace reconcile::cli
