#include <fmt/format.h>

#include <filesystem>

#include "controller/cli/file_writer.h"
#include "controller/cli/verify.h"
#include "controller/cli/wiring.h"
#include "controller/directus/bootstrap_command.h"
#include "controller/postgres/directus_tables.h"
#include "controller/postgres/embedded_server.h"
#include "controller/postgres/target_database.h"

// Where `reconcile verify` gets the tables of Directus from.

namespace reconcile::cli {
namespace {

Result<std::string> directus_tables_of(const Invocation& invocation, const config::Target& target) {
  if (target.database != "embedded") return postgres::directus_tables(target.database);
  auto server = postgres::EmbeddedServer::start(
      {.folder = std::filesystem::path(invocation.state) / "postgres"});
  if (!server) return server.error();
  return postgres::directus_tables(server->conninfo());
}

/// The file in the commit; nothing where only the default one is missing.
Result<std::optional<File>> committed_tables(const Invocation& invocation, Source& source,
                                             const Revision& candidate) {
  const std::string& named = invocation.verify.directus_tables;
  const std::string path = named.empty() ? default_directus_tables : named;
  auto tree = source.read(candidate, {path});
  if (!tree) return tree.error();
  if (const File* file = tree->find(path)) return std::optional<File>(*file);
  if (named.empty()) return std::optional<File>();
  return Error{.kind = ErrorKind::Usage,
               .where = named,
               .what = fmt::format("is not a file of {}", candidate.short_commit()),
               .why = "only what is committed is read, by its path from the repository's root",
               .next = "commit it, or correct --directus-tables"};
}

Result<void> bootstrap(const postgres::ThrowawayDatabases::Address& to,
                       const config::Directus& configured) {
  const auto command = directus::bootstrap_command(
      configured.bootstrap, configured.bootstrap_timeout,
      {"DB_CLIENT=pg", "DB_HOST=" + to.host, "DB_PORT=" + to.port, "DB_USER=" + to.user,
       "DB_PASSWORD=" + to.password, "DB_DATABASE=" + to.database});
  auto done = command->install();
  if (!done)
    done.error().next =
        fmt::format("run it by hand and mend what it says, or commit {}", default_directus_tables);
  return done;
}

Result<void> check_installed(const std::string& conninfo, const std::string& origin) {
  auto connection = postgres::connector(conninfo, actor())->connect();
  if (!connection) return connection.error();
  auto live = (*connection)->reader().read_schema();
  if (!live) return live.error();
  if (live->directus) return {};
  return Error{.where = origin,
               .what =
                   "did not make the tables of Directus: directus_collections, directus_fields "
                   "or directus_relations is missing",
               .why = "",
               .next = "look whether it is what makes them"};
}

Error nothing_to_make_them_from(const Revision& candidate) {
  return {
      .kind = ErrorKind::Usage,
      .where = candidate.short_commit(),
      .what = "has a snapshot, and there is nothing to make the tables of Directus from",
      .why = "",
      .next = fmt::format(
          "commit {0}, which `reconcile verify --write-directus-tables {0} --database …` writes "
          "from a database with Directus; or configure directus.bootstrap; or name such a "
          "database with --database",
          default_directus_tables)};
}

}  // namespace

bool may_look_at(const Invocation& invocation, const config::Target& target) {
  return invocation.verify.on_server ||
         (invocation.verify.target_named && !target.database.empty());
}

Result<void> make_directus_template(postgres::ThrowawayDatabases& databases,
                                    const std::string& name, const Invocation& invocation,
                                    const config::Target& target, Source& source,
                                    const Revision& candidate) {
  auto file = committed_tables(invocation, source, candidate);
  if (!file) return file.error();
  const bool command = !*file && !target.directus.bootstrap.empty();
  if (!*file && !command && !may_look_at(invocation, target))
    return nothing_to_make_them_from(candidate);
  auto conninfo = databases.make(name);
  if (!conninfo) return conninfo.error();
  if (*file) {
    if (auto made = postgres::make_directus_tables(*conninfo, (*file)->text, (*file)->path); !made)
      return made;
    return check_installed(*conninfo, (*file)->path);
  }
  if (command) {
    if (auto made = bootstrap(databases.address(name), target.directus); !made) return made;
    return check_installed(*conninfo, target.directus.bootstrap.front());
  }
  auto tables = directus_tables_of(invocation, target);
  if (!tables) return tables.error();
  return postgres::make_directus_tables(*conninfo, std::move(*tables), "the target's own tables");
}

Result<std::string> write_directus_tables(const Invocation& invocation,
                                          const config::Target& target) {
  auto tables = directus_tables_of(invocation, target);
  if (!tables) return tables.error();
  const std::string& path = invocation.verify.write_tables;
  auto written = write_file(path, *tables);
  if (!written) return written.error();
  return fmt::format("{}: {}\n", path, *written ? "written" : "unchanged");
}

}  // namespace reconcile::cli
