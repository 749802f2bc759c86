#include "controller/cli/command_options.h"

namespace reconcile::cli {

CLI::App* add_adopt(CLI::App& app, AdoptOptions& options) {
  CLI::App* command = app.add_subcommand(
      "adopt", "write what somebody changed in the database into git, on a branch to review");
  command
      ->add_option("object", options.objects,
                   "as `reconcile drift` names it, or the end of its name (default: all of it)")
      ->type_name("OBJECT");
  // --branch is the branch to follow, as everywhere.
  command
      ->add_option("--new-branch", options.branch,
                   "the branch to make (default: reconcile/adopt-OBJECT, or today's date)")
      ->type_name("NAME");
  command->add_option("--message", options.message, "what the commit message begins with")
      ->type_name("TEXT");
  return command;
}

CLI::App* add_rollback(CLI::App& app, RollbackOptions& options) {
  CLI::App* command = app.add_subcommand("rollback",
                                         "show what going back to an older revision would do; with "
                                         "--yes, go back");
  command->add_option("--to", options.to, "the revision to go back to")
      ->type_name("REV")
      ->required();
  command->add_flag("--yes", options.meant, "do it");
  return command;
}

CLI::App* add_verify(CLI::App& app, VerifyOptions& options) {
  CLI::App* command = app.add_subcommand(
      "verify", "apply the revision to throwaway databases, from nothing and from its base");
  command
      ->add_option("--from", options.from,
                   "the base (default: what the database has that --database or --target names; "
                   "without one, the first parent)")
      ->type_name("REV");
  auto* tables =
      command
          ->add_option("--directus-tables", options.directus_tables,
                       "a committed SQL file that makes the tables of Directus (default: "
                       "snapshots/directus-tables.sql)")
          ->type_name("FILE");
  auto* on_server =
      command->add_flag("--on-server", options.on_server,
                        "in new databases on the server of --database, which are dropped again, "
                        "instead of a server of its own");
  command
      ->add_option("--write-directus-tables", options.write_tables,
                   "only write such a file from the tables that --database has")
      ->type_name("FILE")
      ->excludes(tables)
      ->excludes(on_server);
  return command;
}

CLI::App* add_snapshot(CLI::App& app, SnapshotOptions& options) {
  CLI::App* command =
      app.add_subcommand("snapshot", "print the schema as `directus schema snapshot` writes it");
  auto* check = command->add_flag("--check", options.check,
                                  "compare it with the committed one: exit 2 where they differ");
  command->add_option("-o,--write", options.write, "put it into this file instead")
      ->type_name("FILE")
      ->excludes(check);
  command
      ->add_option("--directus-version", options.directus_version,
                   "write it as this version does (default: the committed file's, where the "
                   "database bears it out)")
      ->type_name("VERSION");
  return command;
}

void add_guard(CLI::App& app, GuardOptions& guard, RollbackOptions& rollback) {
  CLI::App* approve =
      app.add_subcommand("approve", "allow what the plan of now would lose, and nothing else");
  approve
      ->add_option("--plan", guard.plan,
                   "refuse where the plan is not this one any more: its digest, or how it begins")
      ->type_name("DIGEST");
  approve->add_option("--reason", guard.reason, "why, for the ledger")->type_name("TEXT");
  approve
      ->add_option("--rollback-to", rollback.to,
                   "not the next pass, but the rollback to this revision")
      ->type_name("REV");
  CLI::App* restore =
      app.add_subcommand("restore", "list what is in quarantine, or bring some of it back");
  restore->add_option("object", guard.objects, "number, or name (\"field entries.notes\")")
      ->type_name("OBJECT|ID");
  CLI::App* purge = app.add_subcommand("purge", "end what is in quarantine for good");
  auto* named =
      purge->add_option("object", guard.objects, "numbers of `reconcile restore`")->type_name("ID");
  auto* expired = purge->add_flag("--expired", guard.expired, "all that is past its retention")
                      ->excludes(named);
  purge
      ->add_option("--older-than", guard.older_than_text, "all that was removed longer ago, as 30d")
      ->type_name("DURATION")
      ->excludes(named)
      ->excludes(expired);
}

void add_suspension(CLI::App& app, SuspensionOptions& options) {
  CLI::App* suspend =
      app.add_subcommand("suspend", "apply nothing to the target until it is resumed");
  suspend->add_option("--reason", options.reason, "why, for the ledger")->type_name("TEXT");
  suspend->add_option("--for", options.length_text, "only for so long, as 90s, 2h or 7d")
      ->type_name("DURATION");
  app.add_subcommand("resume", "end a suspension");
}

}  // namespace reconcile::cli
