#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "reconcilers/ports/directus.h"

namespace reconcile::directus {

/// Runs `arguments` (a program, found in PATH, and what it gets; no shell) in the current folder
/// with our environment. What it has not done within `limit` is not done: it is killed with
/// everything it has started in its process group, and so it is when we are asked to end meanwhile.
///
/// `database` are variables (NAME=VALUE) that lead to another database than ours do: none of our
/// DB_*, and no .env file, is read beside them. Empty: our environment as it is.
std::unique_ptr<Installer> bootstrap_command(std::vector<std::string> arguments,
                                             std::chrono::milliseconds limit,
                                             std::vector<std::string> database = {});

}  // namespace reconcile::directus
