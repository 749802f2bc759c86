#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/config/config.h"
#include "reconcilers/core/result.h"
#include "reconcilers/pass/pass.h"

namespace reconcile::cli {

enum class Command {
  Once,
  Plan,
  Drift,
  Heal,
  Adopt,
  Blame,
  Status,
  History,
  Snapshot,
  Rollback,
  Verify,
  Approve,
  Restore,
  Purge
};

/// What only `reconcile snapshot` is told.
struct SnapshotOptions {
  bool check = false;
  std::string write;             ///< a file; empty for standard output
  std::string directus_version;  ///< empty: find out
};

/// What only `reconcile rollback` is told.
struct RollbackOptions {
  std::string to;
  bool meant = false;  ///< do it, and not only show it
};

/// What only `reconcile verify` is told.
struct VerifyOptions {
  std::string from;             ///< the base, as a revision; empty: find out
  std::string directus_tables;  ///< a committed SQL file that makes the tables of Directus
  std::string write_tables;     ///< write such a file from the target's database, and do no more
  bool on_server = false;       ///< in databases of their own on the target's server
  /// The command line names a database or a target, so that it may be looked at.
  bool target_named = false;
};

/// What only `reconcile approve`, `restore` and `purge` are told.
struct GuardOptions {
  std::string plan;                  ///< digest, or its beginning; empty: whatever is planned now
  std::string reason;                ///< of an approval
  std::vector<std::string> objects;  ///< to restore or purge: numbers or names; none: list them
  bool expired = false;              ///< purge what is past its retention
  std::optional<std::chrono::seconds> older_than = {};  ///< purge what was removed before that
};

/// What only `reconcile adopt` is told.
struct AdoptOptions {
  std::vector<std::string> objects;  ///< none: all that has drifted
  std::string branch;                ///< to make; empty: named after what is adopted
  std::string message;               ///< goes before the commit's own
};

/// The command line and the configuration, merged and checked: all a command needs.
struct Invocation {
  Command command = Command::Once;
  std::string repository;
  std::string branch;
  std::string revision;
  std::string state;
  std::vector<config::Target> targets;  ///< never empty
  bool json = false;
  bool markdown = false;  ///< of plan only
  bool verbose = false;
  std::size_t limit = 20;  ///< of history
  SnapshotOptions snapshot;
  std::string object;  ///< of blame
  VerifyOptions verify;
  RollbackOptions rollback;  ///< its revision is in `revision`
  GuardOptions guard;
  AdoptOptions adopt;
};

/// Text to print and leave with: help, a version, or what is wrong with the command line.
struct Farewell {
  int exit_code;
  std::string text;
};

/// Command line over environment over configuration file over defaults.
std::variant<Invocation, Farewell> parse(int argc, const char* const* argv,
                                         const config::Environment& environment);

/// Overwrites passwords in the arguments, so that no process listing shows them. Call it once they
/// are parsed.
void hide_secrets(int argc, char** argv);

}  // namespace reconcile::cli
