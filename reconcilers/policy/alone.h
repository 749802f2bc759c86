#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/plan.h"

namespace reconcile::policy {

/// What is to be done about a statement that runs alone, by what the catalog has of it: all that an
/// earlier try may have left.
struct AloneDecision {
  std::vector<std::string> clear = {};    ///< takes away what a try that broke off left
  std::optional<std::string> run = {};    ///< nothing where it is done already
  bool taken = false;                     ///< its name is another thing's: a person has to decide
  std::optional<std::string> waits = {};  ///< why it has to be tried again later
};

AloneDecision decide(const Statement& statement, const AloneState& state);

/// Statements that take away what only stands in its writers' way, once it has failed.
std::vector<std::string> after_failure(const Statement& statement, const AloneState& state);

/// Whether others can go on while it waits for its lock, so that it may wait for long.
bool waits_beside_others(const Alone& what);

/// Why the catalog does not show it as done; empty where it does.
std::string undone(const Alone& what, const AloneState& state);

/// The conflict with what has the name already.
Hold taken_name(const Alone& what, const AloneState& state, const Owner& owner);

/// Rows do not allow it, and nothing was begun.
Error violated(const Alone& what, std::int64_t rows);

/// The way out of a failure of this statement.
std::string way_out(const Alone& what, const Error& error);

/// Whether the drift is what a pending statement is about, and so no work of anybody else.
bool is_about(const Alone& what, const ObjectIdentity& object);

}  // namespace reconcile::policy
