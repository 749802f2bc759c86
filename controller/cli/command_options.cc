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

}  // namespace reconcile::cli
