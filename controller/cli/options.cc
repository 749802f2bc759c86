#include "controller/cli/options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "controller/cli/command_options.h"
#include "controller/cli/secrets.h"
#include "controller/config/failure.h"

namespace reconcile::cli {
namespace {

constexpr const char* summary =
    "Keeps a PostgreSQL database, Directus ones first, at exactly what git says.\n\n"
    "  reconcile                     the controller: keeps every target of the configuration "
    "there\n"
    "  reconcile plan                what would change, and why; changes nothing\n"
    "  reconcile --once              one pass over every target: apply the newest commit, entirely "
    "or not at all\n"
    "  reconcile drift               what is not as git made it, with the SQL to heal or adopt it\n"
    "  reconcile heal                bring back what git made and somebody changed; destroys "
    "nothing\n"
    "  reconcile adopt [OBJECT…]     write what somebody changed into git, on a branch to review\n"
    "  reconcile blame OBJECT        which commit and file made it, and what changed it since\n"
    "  reconcile status              each target: state, commit in git, commit in the database\n"
    "  reconcile history             what was tried, when, by whom, and what it came to\n"
    "  reconcile snapshot            the database's schema as `directus schema snapshot` writes "
    "it\n"
    "  reconcile verify              the revision, from nothing and from the one before it, on a "
    "throwaway database\n"
    "  reconcile rollback --to REV   back to an older revision; shows its plan first\n"
    "  reconcile approve             allow what a held plan would lose: this plan, on this "
    "database\n"
    "  reconcile restore             what passes have removed, and the way back\n"
    "  reconcile purge               end it for good\n"
    "  reconcile suspend | resume    apply nothing for a while; end that";

constexpr const char* footer =
    "Desired state is read from commits only: migrations/{pre,post,seed}/*.sql and "
    "snapshots/schema.yaml\n"
    "(or the older db-init, db-init-post). Uncommitted files are named and ignored.\n\n"
    "Exit codes: 0 in sync or applied · 1 failed, nothing was changed · 2 changes pending · 3 "
    "held, a person has to\n"
    "decide · 64 the command line or the configuration is wrong\n\n"
    "Environment: RECONCILE_REPO, RECONCILE_BRANCH, RECONCILE_TAG, RECONCILE_DATABASE, "
    "RECONCILE_DATABASE_FILE, "
    "RECONCILE_TARGET,\n"
    "RECONCILE_ENVIRONMENT, RECONCILE_MODE, RECONCILE_STATE, RECONCILE_DIRECTUS_URL,\n"
    "RECONCILE_DIRECTUS_TOKEN, RECONCILE_DIRECTUS_TOKEN_FILE, NO_COLOR, and libpq's own (PGHOST, "
    "PGPASSFILE, …)\n\n"
    "Example:\n"
    "  reconcile plan --repo . --database postgresql://deploy@localhost/trm";

constexpr const char* command_footer =
    "Which database and which repository: --database CONNINFO and --repo PATH, or --config FILE "
    "and "
    "--target NAME;\n"
    "these and all other options of `reconcile --help` go with every command.";

struct Raw {
  std::string config, repository, branch, tag, revision, database, mode, state, output;
  std::vector<std::string> targets;
  bool once = false;
  bool verbose = false;
  std::size_t limit = 20;
  bool watch = false;
  SnapshotOptions snapshot;
  std::string object;
  VerifyOptions verify;
  RollbackOptions rollback;
  GuardOptions guard;
  AdoptOptions adopt;
  SuspensionOptions suspension;
};

void add_options(CLI::App& app, Raw& raw) {
  app.add_option("--config", raw.config,
                 "configuration (default: reconcile.yaml where it is present)")
      ->type_name("FILE");
  app.add_option("--repo", raw.repository,
                 "git repository: a path or a URL (default: the one around this folder)")
      ->type_name("PATH");
  auto* branch =
      app.add_option("--branch", raw.branch, "branch to follow (default: the repository's own)")
          ->type_name("NAME");
  auto* tag =
      app.add_option("--tag", raw.tag,
                     "tags to follow instead of a branch, as v*: the highest version counts")
          ->type_name("PATTERN")
          ->excludes(branch);
  app.add_option("--revision", raw.revision,
                 "one commit, tag or branch instead of the newest of the branch")
      ->type_name("REV")
      ->excludes(branch)
      ->excludes(tag);
  app.add_option(
         "--database", raw.database,
         "libpq connection string, or `embedded` for a server of our own in the state folder")
      ->type_name("CONNINFO");
  app.add_option(
         "--target", raw.targets,
         "only this target of the configuration; without one, the target's name (repeatable)")
      ->type_name("NAME");
  app.add_option("--mode", raw.mode,
                 "auto applies, dry-run only says what would happen, skip leaves targets alone")
      ->check(CLI::IsMember({"auto", "dry-run", "skip"}))
      ->type_name("auto|dry-run|skip");
  app.add_option("--state", raw.state,
                 "folder for git mirrors and the embedded server (default: "
                 "$XDG_STATE_HOME/reconcile; for root /var/lib/reconcile)")
      ->type_name("DIR");
  app.add_option(
         "--output", raw.output,
         "text for people, json for programs: one document a target; plan also writes markdown "
         "for a pull request's comment")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->type_name("text|json|markdown");
  app.add_flag("-v,--verbose", raw.verbose,
               "say each stage on stderr, and show the SQL of each step");
}

/// Root's own home is closed to the account that an embedded PostgreSQL runs as.
std::string default_state(const config::Environment& environment) {
  if (const auto state = environment("XDG_STATE_HOME")) return *state + "/reconcile";
  const auto home = environment("HOME");
  if (!home || geteuid() == 0) return "/var/lib/reconcile";
  return *home + "/.local/state/reconcile";
}

Farewell usage(std::string what, std::string next) {
  hide_passwords(what);
  return {64, fmt::format("error: {}\n  next: {}\n", what, next)};
}

Farewell usage(const Error& error) { return usage(describe(error), error.next); }

bool libpq_knows_a_server(const config::Environment& environment) {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"},
      [&](const char* name) { return environment(name).has_value(); });
}

/// What the command line names counts for all of them.
void select_commits(const Raw& raw, config::Config& config, Invocation& invocation) {
  const bool named = !raw.branch.empty() || !raw.tag.empty();
  invocation.branch = named ? raw.branch : config.branch;
  invocation.tag = named ? raw.tag : config.tag;
  if (config.targets.empty() && config.fleets.empty()) {
    config.targets.emplace_back();
    config.targets.front().branch = invocation.branch;
    config.targets.front().tag = invocation.tag;
  }
  if (!named) return;
  const auto select = [&](config::Target& target) {
    target.branch = raw.branch;
    target.tag = raw.tag;
  };
  std::ranges::for_each(config.targets, select);
  for (config::Fleet& fleet : config.fleets) select(fleet.pattern);
}

/// Picks the targets that were asked for, or makes one of the command line.
std::optional<Farewell> choose_targets(const Raw& raw, config::Config& config,
                                       Invocation& invocation,
                                       const config::Environment& environment) {
  const bool none = config.targets.empty() && config.fleets.empty();
  select_commits(raw, config, invocation);
  for (config::Fleet& fleet : config.fleets) {
    if (!raw.mode.empty()) fleet.pattern.mode = raw.mode;
    if (fleet.pattern.mode.empty()) fleet.pattern.mode = "auto";
  }
  invocation.fleets = config.fleets;
  // A revision is the same for all of a fleet: to verify it, no server is asked what it has.
  if (invocation.command == Command::Verify && config.targets.empty() && !config.fleets.empty())
    config.targets.push_back(config.fleets.front().pattern);
  invocation.named = raw.targets;
  if (none) {
    if (raw.targets.size() > 1)
      return usage("several --target without a configuration that describes them",
                   "write them into reconcile.yaml");
    if (!raw.targets.empty()) config.targets.front().name = raw.targets.front();
  }
  for (config::Target& target : config.targets) {
    if (target.name.empty()) target.name = raw.targets.empty() ? "default" : raw.targets.front();
    if (!raw.mode.empty()) target.mode = raw.mode;
    if (target.mode.empty()) target.mode = "auto";
    const bool wanted =
        raw.targets.empty() || std::ranges::find(raw.targets, target.name) != raw.targets.end();
    (wanted ? invocation.targets : invocation.others).push_back(target);
  }
  for (const std::string& name : raw.targets) {
    if (!config.fleets.empty()) break;  // it may be one that has to be looked up
    if (std::ranges::find(config.targets, name, &config::Target::name) == config.targets.end()) {
      return usage(fmt::format("there is no target \"{}\" in the configuration", name),
                   "name one of its targets");
    }
  }
  if (!raw.database.empty()) {
    if (invocation.targets.size() != 1)
      return usage("--database names one database, and there are several targets",
                   "add --target NAME");
    invocation.targets.front().database = raw.database;
  }
  for (const config::Target& target : invocation.targets) {
    if (invocation.command == Command::Verify) break;  // has a server of its own
    if (!target.database.empty() || libpq_knows_a_server(environment)) continue;
    return usage(fmt::format("no database to reconcile for target \"{}\"", target.name),
                 "give --database postgresql://user@host/name, set RECONCILE_DATABASE, or write "
                 "it into reconcile.yaml");
  }
  return std::nullopt;
}

std::variant<Invocation, Farewell> rollback_of(const Raw& raw, Invocation invocation) {
  if (!raw.revision.empty())
    return usage("a rollback takes its revision from an option of its own, not from --revision",
                 "leave out --revision");
  if (invocation.targets.size() > 1)
    return usage("one rollback is of one database, and there are several targets",
                 "add --target NAME");
  invocation.revision = raw.rollback.to;
  return invocation;
}

std::variant<Invocation, Farewell> verification(const Raw& raw, Invocation invocation,
                                                const config::Environment& environment) {
  VerifyOptions& options = invocation.verify;
  options.target_named = !raw.database.empty() || !raw.targets.empty();
  if (!options.on_server && options.write_tables.empty()) return invocation;
  const std::string option = options.on_server ? "--on-server" : "--write-directus-tables";
  if (invocation.targets.size() > 1)
    return usage(option + " needs one database, and there are several targets",
                 "add --target NAME");
  const std::string& database = invocation.targets.front().database;
  if (database.empty() && !libpq_knows_a_server(environment))
    return usage(option + " needs a database", "add --database postgresql://user@host/name");
  if (options.on_server && database == "embedded")
    return usage("--on-server and an embedded server exclude each other",
                 "leave out --on-server: verify starts a server of its own");
  return invocation;
}

std::variant<Invocation, Farewell> merged(const Raw& raw, Command command,
                                          const config::Environment& environment) {
  auto config = config::load(raw.config, environment);
  if (!config) return usage(config.error());
  Invocation invocation;
  invocation.command = command;
  invocation.repository = raw.repository.empty() ? config->repository : raw.repository;
  invocation.revision = raw.revision;
  invocation.git = config->git;
  invocation.state = !raw.state.empty()       ? raw.state
                     : !config->state.empty() ? config->state
                                              : default_state(environment);
  invocation.json = raw.output == "json";
  invocation.markdown = raw.output == "markdown";
  if (invocation.markdown && command != Command::Plan)
    return usage("--output markdown is for plan", "use text or json");
  invocation.verbose = raw.verbose;
  invocation.limit = raw.limit;
  invocation.watch = raw.watch;
  invocation.snapshot = raw.snapshot;
  invocation.object = raw.object;
  invocation.verify = raw.verify;
  invocation.rollback = raw.rollback;
  invocation.guard = raw.guard;
  invocation.adopt = raw.adopt;
  invocation.service = config->service;
  invocation.http = config->http;
  invocation.receivers = config->receivers;
  invocation.config_file = config->file;
  if (const std::string& text = raw.guard.older_than_text; !text.empty()) {
    auto age = config::long_duration("--older-than", text);
    if (!age) return usage(age.error());
    invocation.guard.older_than = *age;
  }
  invocation.suspension = raw.suspension;
  if (const std::string& text = raw.suspension.length_text; !text.empty()) {
    auto length = config::any_duration("--for", text);
    if (!length) return usage(length.error());
    if (*length < std::chrono::seconds(1))
      return usage("--for is shorter than a second", "write 1s or more");
    invocation.suspension.length = std::chrono::duration_cast<std::chrono::seconds>(*length);
  }
  if (auto problem = choose_targets(raw, *config, invocation, environment)) return *problem;
  const bool one_database = command == Command::Purge || command == Command::Restore;
  if (one_database && !raw.guard.objects.empty() && invocation.targets.size() > 1)
    return usage("what is in quarantine is named in one database, and there are several targets",
                 "add --target NAME");
  if (command == Command::Snapshot && !raw.snapshot.check && invocation.targets.size() > 1)
    return usage("one snapshot comes from one database, and there are several targets",
                 "add --target NAME");
  if (command == Command::Adopt && invocation.targets.size() > 1)
    return usage("what is adopted comes from one database, and there are several targets",
                 "add --target NAME");
  if (!raw.rollback.to.empty()) return rollback_of(raw, std::move(invocation));
  if (command == Command::Verify) return verification(raw, std::move(invocation), environment);
  return invocation;
}

/// What is wrong with a command's own options, whatever the configuration says.
std::optional<Farewell> check_options(const CLI::App& app, const Raw& raw) {
  if (raw.watch && raw.output == "json")
    return usage("--watch shows people what changes, and has no JSON",
                 "leave out one of the two; programs read /api/v1/events of the controller");
  constexpr std::size_t shortest = 8;  // less may be how another plan begins, too
  if (!raw.guard.plan.empty() && raw.guard.plan.size() < shortest)
    return usage("--plan is too short to tell plans apart", "give eight characters or more of it");
  if (app.got_subcommand("purge") && raw.guard.objects.empty() && !raw.guard.expired &&
      raw.guard.older_than_text.empty())
    return usage("purge has to be told what", "name its ID, or add --expired or --older-than 30d");
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, Command>, 15> commands{
    {{"plan", Command::Plan},
     {"drift", Command::Drift},
     {"heal", Command::Heal},
     {"adopt", Command::Adopt},
     {"blame", Command::Blame},
     {"status", Command::Status},
     {"history", Command::History},
     {"snapshot", Command::Snapshot},
     {"rollback", Command::Rollback},
     {"verify", Command::Verify},
     {"approve", Command::Approve},
     {"restore", Command::Restore},
     {"purge", Command::Purge},
     {"suspend", Command::Suspend},
     {"resume", Command::Resume}}};

}  // namespace

std::variant<Invocation, Farewell> parse(int argc, const char* const* argv,
                                         const config::Environment& environment) {
  CLI::App app(summary, "reconcile");
  Raw raw;
  app.set_version_flag("--version", "reconcile " RECONCILE_VERSION);
  app.footer(footer);
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.add_flag("--once", raw.once, "one pass over every target, then exit");
  add_options(app, raw);
  app.add_subcommand("plan", "show what a pass would do, and why");
  app.add_subcommand("drift", "show what is not as git made it: exit 2 where anything is");
  app.add_subcommand("heal", "bring back what git made and somebody changed or removed");
  add_adopt(app, raw.adopt);
  CLI::App* blame = app.add_subcommand("blame", "show who made an object, and what became of it");
  blame->add_option("OBJECT", raw.object, "as events.slug, or public.events_slug_idx")->required();
  app.add_subcommand("status", "show each target's state")
      ->add_flag("--watch", raw.watch,
                 "again and again, with a look at git each `poll`: a table that is redrawn, or a "
                 "line for each change where there is no terminal");
  CLI::App* history = app.add_subcommand("history", "show what was tried and what it came to");
  history->add_option("--limit", raw.limit, "how many lines")->check(CLI::Range(1, 10000));
  add_snapshot(app, raw.snapshot);
  add_rollback(app, raw.rollback);
  add_verify(app, raw.verify);
  add_guard(app, raw.guard, raw.rollback);
  add_suspension(app, raw.suspension);
  for (CLI::App* command : app.get_subcommands({})) command->footer(command_footer);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    std::ostringstream text;
    app.exit(wanted, text, text);
    return Farewell{0, text.str()};
  } catch (const CLI::ParseError& problem) {
    return usage(problem.what(), "reconcile --help lists the commands and options");
  }
  if (raw.once && !app.get_subcommands().empty())
    return usage("--once is a command of its own", "leave out one of the two");
  if (auto problem = check_options(app, raw)) return *problem;
  for (const auto& [name, command] : commands) {
    if (app.got_subcommand(std::string(name))) return merged(raw, command, environment);
  }
  if (raw.once) return merged(raw, Command::Once, environment);
  return merged(raw, Command::Serve, environment);
}

}  // namespace reconcile::cli
