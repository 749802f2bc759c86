#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "controller/postgres/server_account.h"
#include "reconcilers/core/result.h"

namespace reconcile::postgres {

struct ServerCommand {
  std::vector<std::string> arguments;  ///< the first is the program's path
  std::filesystem::path folder;        ///< where it runs
  int output = -1;                     ///< takes what it prints, errors too
  bool dies_with_us = false;           ///< with the thread that started it
};

/// Starts a program as `account`, in a session of its own so that Ctrl-C in our terminal is for us
/// alone. A program that cannot be executed is an error here, not an exit status later.
Result<pid_t> spawn(const ServerCommand& command, const ServerAccount& account);

/// Starts a program and waits for its end; SIGKILL when it takes longer than `limit`. True when it
/// ended in time and with status 0.
Result<bool> run(const ServerCommand& command, const ServerAccount& account,
                 std::chrono::milliseconds limit);

/// Looks at `done` until it says yes or `limit` is over.
bool wait_up_to(std::chrono::milliseconds limit, const std::function<bool()>& done);

/// How a child ended; nothing while it runs. 0 also when somebody else has collected it.
std::optional<int> ended(pid_t child);

/// SIGKILL for our child `pid` and all of its children. False when one is still there after
/// `limit`.
bool kill_with_children(pid_t pid, std::chrono::milliseconds limit);

}  // namespace reconcile::postgres
