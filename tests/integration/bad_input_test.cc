#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/support/pass_fixture.h"

// Whatever is wrong with what the program is given, it says where, says the way out, and leaves the
// database alone.

namespace reconcile::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class BadInput : public PassTest {
 protected:
  /// Runs and asserts what every bad input has in common.
  void expect_refused(const Ran& ran, int exit_code, const std::vector<std::string>& said) {
    EXPECT_EQ(ran.exit_code, exit_code) << ran;
    EXPECT_THAT(ran.err, HasSubstr("  next:")) << ran;
    for (const std::string& words : said) EXPECT_THAT(ran.err, HasSubstr(words));
    for (const char* fault : {"terminate called", "please report", "pa55word"})
      EXPECT_THAT(ran.err, Not(HasSubstr(fault)));
  }
};

// ---- files of the repository

struct BadFile {
  std::string name;
  std::string file;
  std::function<std::string()> text;
  int exit_code;
  std::vector<std::string> said;
};

std::ostream& operator<<(std::ostream& stream, const BadFile& bad) { return stream << bad.name; }

std::function<std::string()> plain(std::string text) {
  return [text = std::move(text)] { return text; };
}

/// A snapshot with these three lists, as in YAML.
std::function<std::string()> lists(const std::string& collections, const std::string& fields = "[]",
                                   const std::string& more = "") {
  return plain("version: 1\ndirectus: 11.6.1\nvendor: postgres\ncollections: " + collections +
               "\nfields: " + fields + "\nrelations: []\n" + more);
}

/// One field of an otherwise good collection, with this in its schema.
std::function<std::string()> column(const std::string& schema) {
  return [schema] {
    return SnapshotText().collection("clubs").field("clubs.x", "character varying", schema).str();
  };
}
std::function<std::string()> column_of(const std::string& type, const std::string& schema) {
  return [type, schema] {
    return SnapshotText().collection("clubs").field("clubs.x", type, schema).str();
  };
}

std::string aliases() {
  std::string text = "version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i)
    text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  return text;
}

std::string aliases_in_an_entry() {
  return "version: 1\ncollections:\n  - collection: clubs\n    meta: {note: &n [a, a], x: [*n, "
         "*n]}\n"
         "fields: []\nrelations: []\n";
}

std::string fifty_megabytes() {
  const std::string entry = "  - {collection: c, meta: null, schema: null}\n";
  std::string text = "version: 1\ncollections:\n";
  text.reserve(51U << 20U);
  while (text.size() < (50U << 20U)) text += entry;
  return text + "fields: []\nrelations: []\n";
}

std::string deep() {
  return "version: 1\ncollections:\n  - collection: c\n    meta: {note: " + std::string(5000, '[') +
         std::string(5000, ']') + "}\nfields: []\nrelations: []\n";
}

const char* const kYaml = "snapshots/schema.yaml";
const char* const kSql = "migrations/pre/001_a.sql";

const std::vector<BadFile>& bad_files() {
  static const std::vector<BadFile> all = {
      // The file as a whole.
      {"BrokenYaml",
       kYaml,
       plain("version: 1\ncollections: [\n  {a: b\nfields: []\n"),
       1,
       {"snapshots/schema.yaml:4", "this is not YAML"}},
      {"TabsInYaml",
       kYaml,
       plain("version: 1\ncollections:\n\t- collection: c\n"),
       1,
       {"snapshots/schema.yaml:3", "this is not YAML"}},
      {"NotUtf8",
       kYaml,
       plain("version: 1\ncollections: \xff\xfe\n"),
       1,
       {"snapshots/schema.yaml:", "this is not YAML"}},
      {"Bomb", kYaml, aliases, 1, {"snapshots/schema.yaml:2"}},
      {"BombInAnEntry",
       kYaml,
       aliases_in_an_entry,
       1,
       {"snapshots/schema.yaml:4", "aliases are not accepted"}},
      {"FiftyMegabytes", kYaml, fifty_megabytes, 1, {"snapshots/schema.yaml", "limit"}},
      {"DeepNesting", kYaml, deep, 1, {"snapshots/schema.yaml:4", "nested deeper"}},
      {"Empty", kYaml, plain(""), 1, {"snapshots/schema.yaml:1"}},
      {"AList", kYaml, plain("- 1\n"), 1, {"snapshots/schema.yaml:1"}},
      {"TwoDocuments",
       kYaml,
       plain("version: 1\ncollections: []\nfields: []\nrelations: []\n---\n"
             "version: 1\n"),
       1,
       {"snapshots/schema.yaml:5", "second document"}},
      {"VersionTwo",
       kYaml,
       plain("version: 2\ncollections: []\nfields: []\nrelations: []\n"),
       1,
       {"snapshots/schema.yaml:1", "version 1"}},
      {"ListMissing",
       kYaml,
       plain("version: 1\ncollections: []\nrelations: []\n"),
       1,
       {"snapshots/schema.yaml:1", "\"fields\" is missing"}},
      {"KeyTwice",
       kYaml,
       lists("[]", "[]", "fields: []\n"),
       1,
       {"snapshots/schema.yaml:7", "\"fields\" stands twice"}},
      // Types and keys.
      {"UnknownTopKey",
       kYaml,
       lists("[]", "[]", "extra: 1\n"),
       1,
       {"snapshots/schema.yaml:7", "unknown key \"extra\""}},
      {"FieldsAreAMapping",
       kYaml,
       lists("[]", "{a: b}"),
       1,
       {"snapshots/schema.yaml:5", "\"fields\" has to be a list"}},
      {"EntryIsAWord", kYaml, lists("[clubs]"), 1, {"snapshots/schema.yaml:4", "a mapping"}},
      {"MetaIsANumber",
       kYaml,
       lists("[{collection: clubs, meta: 5, schema: null}]"),
       1,
       {"snapshots/schema.yaml:4", "\"meta\" has to be a mapping or null"}},
      {"EmptyName",
       kYaml,
       lists("[{collection: '', meta: null}]"),
       1,
       {"snapshots/schema.yaml:4", "\"collection\" has to be a name"}},
      {"NameIsANumber",
       kYaml,
       lists("[{collection: 5, meta: null}]"),
       1,
       {"snapshots/schema.yaml:4", "\"collection\" has to be a name"}},
      {"NameIsMissing",
       kYaml,
       lists("[]", "[{collection: clubs}]"),
       1,
       {"snapshots/schema.yaml:5", "\"field\" has to be a name"}},
      {"EntryTwice",
       kYaml,
       lists("[{collection: clubs}, {collection: clubs}]"),
       1,
       {"snapshots/schema.yaml:4", "collection clubs stands twice"}},
      {"UnknownEntryKey",
       kYaml,
       lists("[{collection: clubs, metta: {}}]"),
       1,
       {"snapshots/schema.yaml:4", "unknown key \"metta\""}},
      {"NulInAName", kYaml, lists("[{collection: \"a\\0b\"}]"), 1, {"snapshots/schema.yaml:4"}},
      {"NulInANote",
       kYaml,
       lists("[{collection: a, meta: {note: \"x\\0y\"}, schema: null}]"),
       1,
       {"snapshots/schema.yaml"}},
      {"WrongVendor",
       kYaml,
       plain("version: 1\nvendor: mysql\ncollections: []\nfields: []\nrelations: []\n"),
       3,
       {"UnsupportedSnapshot", "snapshots/schema.yaml", "mysql"}},
      // Values that become SQL.
      {"InjectedDefault",
       kYaml,
       column_of("timestamp with time zone", "default_value: 'now()); drop table gate; --'"),
       3,
       {"field clubs.x", "not one SQL expression"}},
      {"InjectedDefaultWithoutParenthesis",
       kYaml,
       column_of("integer", "default_value: '1; drop table gate'"),
       3,
       {"field clubs.x", "not one SQL expression"}},
      {"InjectedDefaultAsTwoColumns",
       kYaml,
       column_of("integer", "default_value: '1, y text'"),
       3,
       {"field clubs.x", "not one SQL expression"}},
      {"InjectedDefaultAsASubselect",
       kYaml,
       column_of("integer", "default_value: '(select pg_terminate_backend(1))'"),
       1,
       {"clubs"}},
      {"InjectedType",
       kYaml,
       column_of("'integer; drop table gate'", ""),
       3,
       {"x", "is not a PostgreSQL type"}},
      {"UnknownType", kYaml, column_of("no_such_type", ""), 1, {"no_such_type"}},
      {"InjectedGeneration",
       kYaml,
       column_of("integer",
                 "is_generated: true, generation_expression: '1) stored; drop table "
                 "gate; --'"),
       3,
       {"field clubs.x", "not one SQL expression"}},
      {"HugeLength", kYaml, column("max_length: 999999999999"), 1, {"snapshots/schema.yaml"}},
      {"TextForANumber",
       kYaml,
       lists("[{collection: a, meta: {sort: many}, schema: null}]"),
       1,
       {"snapshots/schema.yaml"}},
      {"NoSuchTableForAField",
       kYaml,
       [] { return SnapshotText().text("nowhere.name").str(); },
       1,
       {"nowhere"}},
      // SQL.
      {"SyntaxError",
       kSql,
       plain("create table a (n integer);\n\nselect 1 +;\n"),
       1,
       {"migrations/pre/001_a.sql:3", "syntax error"}},
      {"UnclosedQuote",
       kSql,
       plain("select 1;\nselect 'open;\n"),
       1,
       {"migrations/pre/001_a.sql:2", "unterminated"}},
      {"MetaCommand",
       kSql,
       plain("select 1;\n\\i other.sql\n"),
       1,
       {"migrations/pre/001_a.sql:2", "\\i"}},
      {"CopyFromStdin",
       kSql,
       plain("create table a (n int);\ncopy a from stdin;\n1\n\\.\n"),
       1,
       {"migrations/pre/001_a.sql:2", "COPY"}},
      {"OwnTransaction",
       kSql,
       plain("begin;\nselect 1;\ncommit;\n"),
       1,
       {"migrations/pre/001_a.sql:1", "BEGIN"}},
      {"OwnCommit",
       kSql,
       plain("select 1;\n  COMMIT;\n"),
       1,
       {"migrations/pre/001_a.sql:2", "COMMIT"}},
      {"NotInATransaction",
       kSql,
       plain("vacuum a;\n"),
       1,
       {"migrations/pre/001_a.sql:1", "VACUUM"}},
      {"SqlNotUtf8", kSql, plain("select '\xff';\n"), 1, {"migrations/pre/001_a.sql:1"}},
      {"NulInSql",
       kSql,
       plain(std::string("select 1;\nselect '\0';\n", 21)),
       1,
       {"migrations/pre/001_a.sql"}},
      {"NoNumber",
       "migrations/pre/later.sql",
       plain("select 1;"),
       1,
       {"migrations/pre/later.sql", "number"}},
      {"NoPhase",
       "migrations/001_a.sql",
       plain("select 1;"),
       1,
       {"migrations/001_a.sql", "belongs to no phase"}},
      {"SubFolder",
       "migrations/pre/sub/001_a.sql",
       plain("select 1;"),
       1,
       {"migrations/pre/sub/001_a.sql", "sub folder"}},
      {"WrongDirective",
       kSql,
       plain("-- reconcile: exept prod\nselect 1;"),
       1,
       {"migrations/pre/001_a.sql:1", "directive"}},
      {"HugeSql",
       kSql,
       [] { return "select 1; --" + std::string(17U << 20U, 'x'); },
       1,
       {"migrations/pre/001_a.sql", "limit"}},
  };
  return all;
}

class BadInputFiles : public BadInput, public testing::WithParamInterface<BadFile> {};

TEST_P(BadInputFiles, AreRefusedWithTheirPlace) {
  const BadFile& bad = GetParam();
  database.execute("create table gate (n integer)");
  const std::string before = database.dump();
  repo.commit(bad.file, bad.text(), "Bad");
  const Ran ran = once();
  expect_refused(ran, bad.exit_code, bad.said);
  EXPECT_LT(ran.duration, std::chrono::seconds(20));
  EXPECT_EQ(database.dump(), before);
}

INSTANTIATE_TEST_SUITE_P(All, BadInputFiles, testing::ValuesIn(bad_files()), case_name);

// Directus writes the quotes of a text default doubled.
TEST_F(BadInput, TextDefaultsAreTextsHoweverTheyLook) {
  database.execute("create table gate (n integer)");
  apply(kSnapshot, column("max_length: 255, default_value: \"''); drop table gate; --\"")());
  database.execute("insert into clubs (id) values (gen_random_uuid())");
  EXPECT_EQ(database.value("select x from clubs"), "'); drop table gate; --");
  EXPECT_EQ(count("gate"), "0");
}

TEST_F(BadInput, NamesAreQuoted) {
  database.execute("create table gate (n integer)");
  const std::string evil = R"(x"; drop table gate; --)";
  const std::string quoted = "'" + evil + "'";
  repo.commit(kSnapshot,
              fmt::format("version: 1\ncollections:\n  - {{collection: {0}, meta: {{note: n}}, "
                          "schema: {{name: {0}}}}}\nfields:\n  - {{collection: {0}, field: {0}, "
                          "type: uuid, meta: {{note: n}}, schema: {{data_type: uuid, "
                          "is_primary_key: true, is_nullable: false}}}}\nrelations: []\n",
                          quoted),
              "Evil");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(
      database.value("select relname from pg_class where relname like 'x%' and relkind = 'r'"),
      evil);
  EXPECT_EQ(count("gate"), "0");
  EXPECT_EQ(once().exit_code, 0);
}

// ---- the repository

TEST_F(BadInput, AnEmptyRepository) {
  const std::string before = database.dump();
  expect_refused(once(), 1, {repo.path(), "has no commit"});
  EXPECT_EQ(database.dump(), before);
}

TEST_F(BadInput, ARepositoryWithoutDesiredState) {
  repo.commit("README.md", "Hello\n", "Hello");
  const Ran ran = run({"plan"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("holds no desired state"));
}

TEST_F(BadInput, MissingBranchAndRevision) {
  repo.commit(kSnapshot, SnapshotText(), "State");
  expect_refused(once({"--branch", "production"}), 1, {"has no branch production", "main"});
  expect_refused(once({"--revision", "v9"}), 1, {"has no revision v9"});
  expect_refused(once({"--revision", std::string(40, 'a')}), 1, {std::string(40, 'a')});
  expect_refused(once({"--revision", "main", "--branch", "main"}), 64, {"--revision"});
}

TEST_F(BadInput, ACorruptObject) {
  repo.commit(kSnapshot, SnapshotText().collection("clubs"), "State");
  const std::string id = repo.run({"rev-parse", "HEAD:snapshots/schema.yaml"});
  const fs::path object = repo.path() / ".git/objects" / id.substr(0, 2) / id.substr(2);
  fs::permissions(object, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(object, std::ios::binary | std::ios::trunc) << "garbage";
  const std::string before = database.dump();
  expect_refused(once(), 1, {id.substr(0, 10)});
  EXPECT_EQ(database.dump(), before);
}

TEST_F(BadInput, NotARepository) {
  const TempFolder empty;
  Words line = {RECONCILE_PROGRAM,     "--once",     "--repo",           empty.path(), "--state",
                checkout.state.path(), "--database", database.conninfo()};
  expect_refused(run_program(line), 1, {empty.path()});
  line[3] = "/no/such/folder";
  expect_refused(run_program(line), 1, {"/no/such/folder"});
}

TEST_F(BadInput, AStateFolderThatCannotBeMade) {
  repo.commit(kSnapshot, SnapshotText(), "State");
  expect_refused(run_program({RECONCILE_PROGRAM, "--once", "--repo", repo.path(), "--state",
                              "/proc/nowhere", "--database", database.conninfo()}),
                 1, {"/proc/nowhere"});
}

// ---- the database

struct BadDatabase {
  std::string name;
  std::string conninfo;  ///< {} is the port of a server that wants a password
  int exit_code;
  std::vector<std::string> said;
};

std::ostream& operator<<(std::ostream& stream, const BadDatabase& bad) {
  return stream << bad.name;
}

class BadInputDatabases : public BadInput, public testing::WithParamInterface<BadDatabase> {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<TestServer>(
        postgres::EmbeddedServer::Options{.throwaway = true, .tcp = true});
  }
  static void TearDownTestSuite() { server_.reset(); }

  static std::unique_ptr<TestServer> server_;
};

std::unique_ptr<TestServer> BadInputDatabases::server_;

TEST_P(BadInputDatabases, AreNamedWithTheWayOut) {
  repo.commit(kSnapshot, SnapshotText().collection("clubs"), "State");
  const std::string conninfo =
      fmt::format(fmt::runtime(GetParam().conninfo), server_->server().port());
  for (const char* command : {"--once", "plan", "status", "history"}) {
    expect_refused(checkout.run(conninfo, {command}), GetParam().exit_code, GetParam().said);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadInputDatabases,
    testing::Values(
        BadDatabase{"NoServer",
                    "host=127.0.0.1 port=1 dbname=trm user=me",
                    1,
                    {"database trm on 127.0.0.1:1 as me", "cannot connect", "refused"}},
        BadDatabase{
            "NoSocket", "host=/nowhere dbname=trm user=me", 1, {"/nowhere", "cannot connect"}},
        BadDatabase{"UnknownHost",
                    "host=no.such.host.invalid dbname=trm user=me",
                    1,
                    {"no.such.host.invalid", "cannot connect"}},
        BadDatabase{"WrongPassword",
                    "host=127.0.0.1 port={} user=postgres password=pa55word",
                    1,
                    {"password authentication failed", "PGPASSWORD"}},
        BadDatabase{
            "NoPassword", "host=127.0.0.1 port={} user=postgres", 1, {"no password", "PGPASSWORD"}},
        BadDatabase{"WrongPasswordInAUri",
                    "postgresql://postgres:pa55word@127.0.0.1:{}/postgres",
                    1,
                    {"password authentication failed", "127.0.0.1"}},
        BadDatabase{"NotAConnectionString", "password=pa55word what is this", 64, {"--database"}},
        BadDatabase{
            "UnknownOption", "host=127.0.0.1 hots=x password=pa55word", 64, {"--database"}}),
    case_name);

TEST_F(BadInput, ADatabaseThatDoesNotExist) {
  repo.commit(kSnapshot, SnapshotText(), "State");
  expect_refused(checkout.run(TestServer::shared().conninfo("missing"), {"--once"}), 1,
                 {"database missing", "does not exist", "create it"});
}

TEST_F(BadInput, ARoleThatMayOnlyRead) {
  apply(kSnapshot, SnapshotText().collection("clubs"));
  const std::string role = "reader_" + database.name();
  const std::string conninfo = database.conninfo() + " user=" + role;
  database.execute("create role " + role +
                   " login; grant select on all tables in schema public to " + role);
  repo.commit(kSnapshot, SnapshotText().collection("clubs", "Note"), "Note");
  const std::string before = database.dump();
  expect_refused(checkout.run(conninfo, {"--once"}), 1,
                 {"permission denied", "grant"});  // on the ledger
  database.execute("grant usage on schema reconcile to " + role +
                   "; grant select on all tables in schema reconcile to " + role);
  expect_refused(checkout.run(conninfo, {"--once"}), 1, {"permission denied", "grant"});
  database.execute("revoke all on all tables in schema reconcile from " + role +
                   "; revoke all on schema reconcile from " + role);
  EXPECT_EQ(database.dump(), before);

  const TestDatabase fresh;  // without a ledger
  fresh.execute("grant select on all tables in schema public to " + role);
  const std::string fresh_before = fresh.dump();
  expect_refused(checkout.run(fresh.conninfo() + " user=" + role, {"--once"}), 1,
                 {"schema reconcile", "permission denied", "CREATE"});
  EXPECT_EQ(fresh.dump(), fresh_before);
  for (const TestDatabase* each : {static_cast<const TestDatabase*>(&database), &fresh})
    each->execute("drop owned by " + role);
  database.execute("drop role " + role);
}

// ---- the command line and the configuration

struct BadLine {
  std::string name;
  std::vector<std::string> line;
  std::vector<std::string> said;
  std::string config = {};  ///< the text of reconcile.yaml in the current folder
  std::vector<std::string> environment = {};
};

std::ostream& operator<<(std::ostream& stream, const BadLine& bad) { return stream << bad.name; }

class BadInputLines : public BadInput, public testing::WithParamInterface<BadLine> {};

TEST_P(BadInputLines, EndWith64) {
  const BadLine& bad = GetParam();
  const std::string before = database.dump();
  const TempFolder folder;
  if (!bad.config.empty()) std::ofstream(folder.path() / "reconcile.yaml") << bad.config;
  Words line = {RECONCILE_PROGRAM};
  line.insert(line.end(), bad.line.begin(), bad.line.end());
  expect_refused(run_program(line, bad.environment, folder.path()), 64, bad.said);
  EXPECT_EQ(database.dump(), before);
}

const std::vector<BadLine>& bad_lines() {
  static const std::vector<BadLine> all = {
      {"UnknownCommand", {"aply", "--database", "dbname=x"}, {"aply"}},
      {"UnknownOption", {"--once", "--frobnicate"}, {"--frobnicate"}},
      {"TwoCommands", {"plan", "--once", "--database", "dbname=x"}, {"--once"}},
      {"NoDatabase", {"--once"}, {"no database", "--database"}},
      {"ValueMissing", {"--once", "--database"}, {"--database"}},
      {"WrongMode", {"--once", "--database", "dbname=x", "--mode", "maybe"}, {"--mode", "maybe"}},
      {"WrongOutput", {"--once", "--database", "dbname=x", "--output", "xml"}, {"--output", "xml"}},
      {"NoConfiguration", {"--once", "--config", "/no/such.yaml"}, {"/no/such.yaml"}},
      {"BrokenConfiguration",
       {"--once"},
       {"reconcile.yaml:3", "not YAML"},
       "targets:\n  a:\n b: [\n"},
      {"ConfigurationIsAList", {"--once"}, {"reconcile.yaml:1", "mapping"}, "- a\n"},
      {"UnknownKey",
       {"--once"},
       {"reconcile.yaml:2", "unknown key \"brunch\""},
       "repository: .\nbrunch: main\n"},
      {"UnknownTargetKey",
       {"--once"},
       {"reconcile.yaml:3", "unknown key \"databse\""},
       "targets:\n  prod:\n    databse: x\n"},
      {"WrongModeInTheFile",
       {"--once"},
       {"reconcile.yaml:3", "unknown mode \"maybe\""},
       "targets:\n  prod:\n    mode: maybe\n"},
      {"WrongDuration",
       {"--once"},
       {"reconcile.yaml:3", "\"soon\" is not a duration"},
       "targets:\n  prod:\n    lock_timeout: soon\n"},
      {"TargetsAreAList", {"--once"}, {"reconcile.yaml:1", "targets"}, "targets: [prod]\n"},
      {"UnknownTarget",
       {"--once", "--target", "stage"},
       {"no target \"stage\""},
       "targets:\n  prod: {database: dbname=x}\n"},
      {"OneDatabaseForTwoTargets",
       {"--once", "--database", "dbname=x"},
       {"--database", "--target"},
       "targets:\n  prod: {mode: auto}\n  stage: {mode: auto}\n"},
      {"AliasesInTheConfiguration", {"--once"}, {"reconcile.yaml"}, "a: &a [x]\nb: [*a, *a]\n"},
      {"WrongModeInTheEnvironment",
       {"--once", "--database", "dbname=x"},
       {"RECONCILE_MODE", "maybe"},
       "",
       {"RECONCILE_MODE=maybe"}},
      {"NoSecretFile",
       {"--once"},
       {"/no/such/secret"},
       "",
       {"RECONCILE_DATABASE_FILE=/no/such/secret"}},
  };
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, BadInputLines, testing::ValuesIn(bad_lines()), case_name);

}  // namespace
}  // namespace reconcile::test
