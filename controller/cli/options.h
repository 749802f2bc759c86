#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/config/config.h"
#include "reconcilers/core/result.h"
#include "reconcilers/pass/pass.h"

namespace reconcile::cli {

enum class Command {
  Serve,
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
  Purge,
  Suspend,
  Resume
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
  std::string older_than_text;                          ///< the same, as it was given
};

/// What only `reconcile suspend` is told.
struct SuspensionOptions {
  std::string reason;
  std::optional<std::chrono::seconds> length = {};
  std::string length_text;  ///< the same, as it was given
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
  std::string branch;  ///< of what is about no target of the configuration
  std::string tag;     ///< the same: a pattern of tags instead
  std::string revision;
  std::string state;
  config::Git git;
  std::vector<config::Target> targets;  ///< empty only where there are fleets
  std::vector<config::Fleet> fleets;
  std::vector<config::Target> others;  ///< that the configuration has, and nobody named
  std::vector<std::string> named;      ///< with --target; none: all
  bool json = false;
  bool markdown = false;  ///< of plan only
  bool verbose = false;
  std::size_t limit = 20;  ///< of history
  bool watch = false;      ///< of status: until it is asked to end
  bool offline = false;    ///< git is as it was when it was last fetched
  SnapshotOptions snapshot;
  std::string object;  ///< of blame
  VerifyOptions verify;
  RollbackOptions rollback;  ///< its revision is in `revision`
  GuardOptions guard;
  AdoptOptions adopt;
  SuspensionOptions suspension;
  config::Service service;
  config::Http http;
  std::vector<config::Receiver> receivers;
  std::string config_file;  ///< that was read; empty where there is none
};

/// Text to print and leave with: help, a version, or what is wrong with the command line.
struct Farewell {
  int exit_code;
  std::string text;
};

/// Command line over environment over configuration file over defaults.
std::variant<Invocation, Farewell> parse(int argc, const char* const* argv,
                                         const config::Environment& environment);

/// The same once more, with the files as they are now.
using ParseAgain = std::function<std::variant<Invocation, Farewell>()>;

}  // namespace reconcile::cli
