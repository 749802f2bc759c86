#include "tests/support/test_database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "tests/support/program.h"

namespace reconcile::test {
namespace {

constexpr std::string_view kDirectus = "template_directus";

postgres::EmbeddedServer started(postgres::EmbeddedServer::Options options) {
  auto server = postgres::EmbeddedServer::start(std::move(options));
  if (!server) throw std::runtime_error(describe(server.error()));
  return std::move(*server);
}

std::string text_of_file(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error("cannot read " + path);
  return text.str();
}

// Several test processes may share one server some day.
std::string fresh_name() {
  static std::random_device random;
  return fmt::format("test_{:08x}{:08x}", random(), random());
}

/// Without the lines that differ between two dumps of the same database: newer versions of pg_dump
/// guard their output with a random word.
std::string steady(const std::string& dump) {
  std::istringstream lines(dump);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool random = line.starts_with("\\restrict") || line.starts_with("\\unrestrict");
    const bool counter = line.starts_with("SELECT pg_catalog.setval(");
    if (!random && !counter) text += line + '\n';
  }
  return text;
}

}  // namespace

Connection::Connection(const std::string& conninfo)
    : connection_(PQconnectdb(conninfo.c_str()), &PQfinish) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_.get()));
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

Rows Connection::query(const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql.c_str()),
                                                             &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(sql.substr(0, 200) + ": " + PQerrorMessage(connection_.get()));
  Rows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column)
      cells.emplace_back(PQgetvalue(result.get(), row, column));
  }
  return rows;
}

std::string Connection::value(const std::string& sql) {
  const Rows rows = query(sql);
  if (rows.empty() || rows.front().empty()) throw std::runtime_error("no row: " + sql);
  return rows.front().front();
}

TestServer::TestServer(postgres::EmbeddedServer::Options options)
    : server_(started(std::move(options))) {
  Connection(conninfo()).execute(fmt::format("create database {}", kDirectus));
  Connection(conninfo(kDirectus))
      .execute(text_of_file(RECONCILE_SOURCE_DIR "/tests/support/directus_system_tables.sql"));
}

TestServer& TestServer::shared() {
  static TestServer server;
  return server;
}

std::string TestServer::conninfo(std::string_view database) const {
  return server_.conninfo(database);
}

TestDatabase::TestDatabase(TestServer& server, Contents contents)
    : server_(server), name_(fresh_name()) {
  Connection(server_.conninfo())
      .execute(fmt::format("create database {} template {}", name_,
                           contents == Contents::Directus ? kDirectus : "template1"));
}

TestDatabase::~TestDatabase() {
  try {
    Connection(server_.conninfo()).execute(fmt::format("drop database {} with (force)", name_));
  } catch (const std::exception&) {
    // The server may be down: it is thrown away with everything in it.
  }
}

std::string TestDatabase::pg_dump_program() const {
  std::string program =
      Connection(server_.conninfo()).value("select setting from pg_config where name = 'BINDIR'");
  program += "/pg_dump";
  return access(program.c_str(), X_OK) == 0 ? program : std::string();
}

std::string TestDatabase::pg_dump(const std::string& program,
                                  std::vector<std::string> options) const {
  std::vector<std::string> command = {program, "--dbname=" + conninfo()};
  command.insert(command.end(), options.begin(), options.end());
  const Ran ran = run_program(command);
  if (ran.exit_code != 0) throw std::runtime_error("pg_dump failed: " + ran.err);
  return steady(ran.out);
}

std::string TestDatabase::schema() const {
  const std::string program = pg_dump_program();
  if (!program.empty()) return pg_dump(program, {"--schema-only"});
  std::string text;
  for (const auto& row : query(text_of_file(RECONCILE_SOURCE_DIR "/tests/support/schema_text.sql")))
    text += row.front() + '\n';
  return text;
}

std::string TestDatabase::dump() const {
  const std::string program = pg_dump_program();
  if (!program.empty()) return pg_dump(program, {"--exclude-table-data=reconcile.revision"});
  return schema() + rows_of_tables();
}

/// In the order in which they lie on disk, as pg_dump has them: even a row that was written again
/// as it was would show.
std::string TestDatabase::rows_of_tables() const {
  std::string text;
  Connection connection = connect();
  for (const auto& table : connection.query(
           "select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace "
           "where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema' "
           "and c.oid::regclass::text <> 'reconcile.revision' order by c.oid::regclass::text")) {
    text += table.front() + '\n';
    for (const auto& row : connection.query("select t::text from " + table.front() + " t"))
      text += row.front() + '\n';
  }
  return text;
}

std::string TestDatabase::result() const {
  std::string text = schema();
  Connection connection = connect();
  for (const char* rows :
       {"select to_jsonb(t) from directus_collections t order by collection",
        "select to_jsonb(t) - 'id' from directus_fields t order by id",
        "select to_jsonb(t) - 'id' from directus_relations t order by id",
        "select phase, name, file, blob, raw_hash, token_hash, revision "
        "from reconcile.migration order by phase, name",
        "select commit, outcome, steps, plan_digest from reconcile.revision where applied "
        "order by id"}) {
    for (const auto& row : connection.query(rows)) {
      for (const std::string& cell : row) text += cell + '|';
      text += '\n';
    }
  }
  return text;
}

}  // namespace reconcile::test
