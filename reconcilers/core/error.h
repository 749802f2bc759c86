#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reconcile {

/// Where in a pass something happened. The order is the order of a pass.
enum class Stage {
  Configure,
  Fetch,
  Load,
  Connect,
  Read,
  Bootstrap,  ///< Directus is installed, where the database does not have it
  Plan,
  Pre,
  Snapshot,
  Post,
  Seed,
  Verify,
  Commit,
  Settle
};

std::string_view name_of(Stage stage);

/// How the loop treats an error: try again later, wait for a person, or give the transaction
/// another go.
enum class ErrorKind {
  Transient,  ///< the same call may succeed later: a lost connection, a full disk
  Terminal,   ///< the input or the rights are wrong; only a change helps
  Conflict,   ///< somebody else held a lock or changed the same thing; retry the transaction
  Usage,      ///< the command line or the configuration is wrong
};

/// A failure a person can act on. Every text is one sentence or a short block, without a final full
/// stop.
struct Error {
  ErrorKind kind = ErrorKind::Terminal;
  std::string where;                ///< file and line, object, or connection; never a secret
  std::string what;                 ///< what did not work
  std::string why;                  ///< what the layer beneath said; empty where `what` says it all
  std::string next;                 ///< the way out
  std::string sqlstate = {};        ///< five characters where PostgreSQL reported one
  int position = 0;                 ///< in the statement, from 1, where PostgreSQL reported one
  std::optional<Stage> stage = {};  ///< filled in by the pass, not by the adapter
};

/// "where: what: why" on one line; `next` is left to the caller's layout.
std::string describe(const Error& error);

/// The one table of SQLSTATEs: 40001, 40P01, 55P03 are conflicts, classes 08, 53, 57P, 58
/// transient, the rest terminal.
ErrorKind kind_of_sqlstate(std::string_view sqlstate);

}  // namespace reconcile
