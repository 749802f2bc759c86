#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/deletion_budget.h"
#include "reconcilers/core/hazard.h"
#include "reconcilers/core/result.h"
#include "reconcilers/policy/promotion.h"
#include "reconcilers/policy/rollout.h"
#include "reconcilers/policy/windows.h"

namespace reconcile::config {

/// `http://host:port/path` or https, taken apart.
struct HttpAddress {
  std::string text;  ///< as people know it: without a slash at the end
  bool tls = false;
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;  ///< empty, or begins with a slash and ends without one
};

/// The Directus servers that work on a target's database, and how Directus gets into it.
struct Directus {
  std::vector<HttpAddress> instances;
  std::string token;                    ///< of an admin; where there are instances, never empty
  std::string certificate_authorities;  ///< PEM, besides those of the system; may be empty
  std::string version;                  ///< that snapshots are written for; may be empty
  /// Active collections that its licence covers; nothing where the configuration does not say.
  std::optional<std::uint64_t> licensed_collections;
  std::vector<std::string> bootstrap;  ///< program and arguments; empty: wait for Directus
  std::chrono::milliseconds bootstrap_timeout{120'000};
};
/// For Directus::licensed_collections: more than anybody has.
inline constexpr std::uint64_t unlimited_collections = UINT64_MAX;

/// Somebody who hears of the targets.
struct Receiver {
  std::string name;
  std::string type;     ///< webhook, slack, mattermost, gitea, github or alertmanager
  HttpAddress address;  ///< its path and text may be a secret
  std::string token;
  std::string secret;                     ///< that a webhook is signed with
  std::string certificate_authorities;    ///< PEM, besides those of the system; may be empty
  std::vector<std::string> targets;       ///< patterns; none: all
  std::vector<std::string> environments;  ///< the same
  std::vector<std::string> events;        ///< see reconcilers/alerts/receiver.h; none: the usual
  std::optional<std::chrono::seconds> remind;  ///< nothing: the usual; 0: never
};

/// How the controller runs, where it is not called for a single command.
struct Service {
  std::size_t workers = 4;                 ///< passes at once
  std::chrono::milliseconds poll{30'000};  ///< how often git is asked
  std::chrono::milliseconds lease{5'000};  ///< how often replicas look who leads what
  std::string replica;  ///< name of this one; empty: the host's and the process's
};

policy::LocalTime utc_time(std::chrono::system_clock::time_point time);

/// One database to keep at what git says.
struct Target {
  std::string name;
  std::string database;     ///< libpq connection string; empty means libpq's own environment
  std::string environment;  ///< label that SQL files can name, e.g. prod
  std::string mode;         ///< auto, dry-run or skip
  /// How often the controller looks at it where nothing else makes it.
  std::chrono::milliseconds interval{60'000};
  std::chrono::milliseconds lock_timeout{5000};
  /// Of a statement that runs outside of the transaction, waits included.
  std::chrono::milliseconds concurrent_timeout{3'600'000};
  std::string drift;                       ///< alert (or empty), hold or heal
  std::optional<bool> watch;               ///< who changes it besides git is told at once
  std::vector<std::string> ignored_drift;  ///< patterns of objects that are nobody's business
  DeletionBudget deletion_budget;
  /// How long what is removed stays in quarantine at least; nothing: until somebody purges it.
  std::optional<std::chrono::seconds> retention;
  Directus directus;
  HazardLevels hazards;  ///< where it wants other levels than the rules have
  std::vector<policy::Window> windows;
  /// What a clock in the windows' time zone shows; never empty.
  std::function<policy::LocalTime(std::chrono::system_clock::time_point)> local_time = utc_time;
  std::vector<std::string> depends_on;  ///< targets that have to be at the same revision first
  policy::Following follows;  ///< the target that its revisions come from; no name: from git itself
  std::string branch;         ///< empty means the repository's own
  std::string tag;  ///< pattern, as v*: the highest version among such tags instead of a branch
};

/// Many databases of one server, each a target that is otherwise alike. They are looked up again
/// and again.
struct Fleet {
  std::string name;
  std::string server;  ///< libpq connection string of the database that replicas share
  std::string like;    ///< pattern of LIKE for the names of databases
  std::vector<std::string> exclude;
  std::string prefix;  ///< of a target's name, before that of its database
  policy::Rollout rollout;
  Target pattern;  ///< what each target is like
};

/// How a repository on another machine is reached.
struct Git {
  std::string user;                     ///< beside the token; may be empty
  std::string token;                    ///< or password, over https; may be empty
  std::string certificate_authorities;  ///< PEM, besides those of the system; may be empty
  std::string ssh_key;                  ///< file; empty: those of the user
  std::string known_hosts;              ///< file; empty: those of the user and the system
  std::string allowed_signers;          ///< file of SSH keys that may sign commits; may be empty
  std::string gpg_keyring;              ///< file of OpenPGP keys that may; both empty: unsigned too
  std::string proxy;                    ///< as the file names it; `none`: no proxy at all
  std::string http_proxy;               ///< what counts in the end, with that of the environment
  std::string https_proxy;
  std::string no_proxy;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds idle_timeout{30'000};
  std::chrono::milliseconds timeout{600'000};  ///< of one fetch
};

struct Listener {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8484;  ///< 0: one that the kernel chooses
  bool operator==(const Listener&) const = default;
};

/// How the long-running controller is reached.
struct Http {
  std::vector<Listener> listeners = {Listener{}};  ///< none: it is not reached at all
  std::string certificate_file;                    ///< PEM; empty: plain HTTP
  std::string key_file;
  std::string tokens_file;  ///< empty: who is on this machine may read, nobody may act
  std::vector<std::string> hosts;
  std::string public_address;  ///< of the dashboard, for links; may be empty
  bool tls_before = false;     ///< a proxy before it speaks TLS
  bool open_metrics = false;   ///< without a token, too
  std::string gitea_secret, github_secret, generic_secret;  ///< of webhooks; empty: off
};

/// Everything the program is told from outside, after file and environment are merged.
struct Config {
  std::string file;        ///< that was read; empty where there is none
  std::string repository;  ///< path or URL; empty means the repository around the current folder
  std::string branch;      ///< of targets that name none
  std::string tag;         ///< the same
  std::string state;       ///< folder for mirrors and the embedded server
  Git git;
  std::vector<Target> targets;
  std::vector<Fleet> fleets;
  std::vector<Receiver> receivers;
  Service service;
  Http http;
};

/// A look into the environment; empty where the variable is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads `file` (YAML; may be empty: then `reconcile.yaml` in the current folder if it is there)
/// and puts the environment over it: RECONCILE_REPO, RECONCILE_BRANCH, RECONCILE_TAG,
/// RECONCILE_STATE, and for a single target RECONCILE_DATABASE, RECONCILE_DATABASE_FILE,
/// RECONCILE_TARGET, RECONCILE_ENVIRONMENT, RECONCILE_MODE, RECONCILE_DIRECTUS_URL (several with
/// commas between), RECONCILE_DIRECTUS_TOKEN, RECONCILE_DIRECTUS_TOKEN_FILE; overlay_git() has
/// more. Errors are of kind Usage and name the line.
Result<Config> load(const std::string& file, const Environment& environment);

}  // namespace reconcile::config
