#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <sstream>

#include "tests/support/pass_fixture.h"

// `reconcile verify`: what a new database and one at the base make of a revision.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char* kTables = "snapshots/directus-tables.sql";

std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string stand_in() {
  return contents(RECONCILE_SOURCE_DIR "/tests/support/directus_system_tables.sql");
}

SnapshotText clubs(const std::string& note = "null") {
  SnapshotText snapshot;
  snapshot.collection("clubs").text("clubs.name", note);
  return snapshot;
}

class Verify : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Verify() { std::filesystem::permissions(scratch.path(), std::filesystem::perms(0755)); }

  /// A first commit: one collection, and a committed file with the tables of Directus.
  std::string start() {
    repo.write(kTables, stand_in());
    return repo.commit(kSnapshot, clubs(), "Clubs");
  }
  Words line(const Words& more) const {
    Words words = {RECONCILE_PROGRAM, "verify",  "--repo",
                   repo.path(),       "--state", checkout.state.path()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Words surroundings() const { return {"TMPDIR=" + scratch.path().string()}; }
  Ran verify(const Words& more = {}) const {
    return run_program(line(more), surroundings(), checkout.state.path());
  }
  /// What is left of the servers it has started.
  Words left() const {
    Words names;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.path()))
      names.push_back(entry.path().filename());
    return names;
  }
  void expect_good(const Ran& ran) const {
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_THAT(ran.out, HasSubstr("verified"));
    EXPECT_THAT(left(), IsEmpty());
  }
  /// It finds this, in one line.
  void expect_found(const Ran& ran, const Words& words) const {
    EXPECT_EQ(ran.exit_code, 1) << ran;
    std::istringstream lines(ran.out);
    bool found = false;
    for (std::string text; std::getline(lines, text);) {
      found = found || std::ranges::all_of(words, [&](const std::string& word) {
                return text.find(word) != std::string::npos;
              });
    }
    EXPECT_TRUE(found) << testing::PrintToString(words) << " in\n" << ran;
    EXPECT_THAT(left(), IsEmpty());
  }

  Checkout checkout;
  GitRepo& repo = checkout.repo;
  TempFolder scratch;
};

TEST_F(Verify, AGoodRevisionOnBothWays) {
  start();
  SnapshotText more;
  more.collection("cities").text("cities.name").collection("clubs").text("clubs.badge");
  more.text("clubs.name").relation("clubs.city", "cities");
  repo.write("migrations/pre/001_log.sql",
             "create schema log; create table log.lines (n serial primary key);")
      .write("migrations/post/001_more.sql",
             "alter table clubs add constraint named check (name <> '');\n"
             "comment on column clubs.name is 'Its name';\n"
             "create view names as select name from clubs;")
      .write("migrations/seed/001_rows.sql", "insert into log.lines default values;");
  repo.commit(kSnapshot, more, "More");
  const Ran ran = verify();
  expect_good(ran);
  EXPECT_THAT(ran.out, HasSubstr("from nothing and from " + repo.id_of("HEAD~1").substr(0, 10)));
  EXPECT_LT(ran.duration, std::chrono::minutes(1));
}

TEST_F(Verify, JsonIsOneDocument) {
  start();
  const std::string second = repo.commit(kSnapshot, clubs("New"), "Note");
  const auto document = boost::json::parse(verify({"--output", "json"}).out).as_object();
  EXPECT_EQ(document.at("outcome"), "verified");
  EXPECT_EQ(document.at("revision"), boost::json::value(second));
  EXPECT_EQ(document.at("base"), boost::json::value(repo.id_of("HEAD~1")));
  for (const char* list : {"findings", "losses", "notes"})
    EXPECT_TRUE(document.at(list).is_array()) << list;
  EXPECT_TRUE(document.at("duration_ms").is_int64());
}

// The fault of the old entrypoint that only a new database shows.
TEST_F(Verify, FindsSqlBeforeItsTable) {
  start();
  repo.write("migrations/pre/001_unique.sql",
             "select 1;\nalter table clubs\n  add constraint one unique (name);\n");
  repo.commit("Names are unique");
  const Ran ran = verify();
  expect_found(ran, {"error: migrations/pre/001_unique.sql:2: from nothing:",
                     "relation \"clubs\" does not exist",
                     "next: collection clubs is made by snapshots/schema.yaml",
                     "put the SQL into migrations/post/"});
  EXPECT_THAT(ran.out, Not(HasSubstr("from " + repo.id_of("HEAD~1").substr(0, 10) + ":")));
  repo.run({"mv", "migrations/pre", "migrations/post"});
  const Ran uncommitted = verify();
  EXPECT_EQ(uncommitted.exit_code, 1) << "only commits count";
  EXPECT_THAT(uncommitted.err, HasSubstr("not committed"));
  repo.commit("After the tables");
  expect_good(verify());
}

TEST_F(Verify, FindsSqlBeforeItsColumn) {
  start();
  repo.write("migrations/pre/001_city.sql", "update clubs set city = 'Tirana';");
  repo.commit(kSnapshot, clubs().text("clubs.city"), "City");
  expect_found(verify(),
               {"migrations/pre/001_city.sql:1: from " + repo.id_of("HEAD~1").substr(0, 10),
                "next: field clubs.city is made by"});
}

TEST_F(Verify, SaysWhatTheTwoWaysMakeDifferently) {
  repo.write("migrations/pre/001_old.sql",
             "create table old (n integer); create table kept (n integer);")
      .write("migrations/pre/002_kept.sql", "alter table kept add column m text;");
  start();
  repo.remove("migrations/pre/001_old.sql")
      .remove("migrations/pre/002_kept.sql")
      .write("migrations/pre/003_new.sql", "create table if not exists kept (n bigint, m text);");
  repo.commit("Tidy up");
  const Ran ran = verify();
  const std::string base = repo.id_of("HEAD~1").substr(0, 10);
  expect_found(ran, {"table public.old: compared: only from " + base + ", not from nothing"});
  expect_found(
      ran, {"column public.kept.n: compared: from nothing `alter table public.kept add column n "
            "bigint`, from " +
            base + " `alter table public.kept add column n integer`"});
}

TEST_F(Verify, SeesEveryKindOfObject) {
  repo.write("migrations/pre/001_kinds.sql",
             "create schema gone;\n"
             "create table t (n integer, m text);\n"
             "create index t_n on t (n);\n"
             "alter table t add constraint positive check (n > 0);\n"
             "create view v as select n from t;\n"
             "create materialized view mv as select n from t;\n"
             "create sequence s;\n"
             "create type mood as enum ('sad', 'happy');\n"
             "create domain natural_number as integer check (value >= 0);\n"
             "create function f(n integer) returns integer language sql as 'select n';\n"
             "create function f() returns trigger language plpgsql as 'begin return null; end';\n"
             "create trigger tr after insert on t for each row execute function f();\n"
             "create policy p on t using (true);\n"
             "create rule r as on delete to t do instead nothing;\n"
             "comment on column t.m is 'Said';\n"
             "grant select on t to pg_monitor;\n");
  start();
  repo.remove("migrations/pre/001_kinds.sql")
      .write("migrations/pre/002_t.sql", "create table if not exists t (n integer, m text);");
  repo.commit("All gone");
  const Ran ran = verify();
  const std::string only = ": compared: only from " + repo.id_of("HEAD~1").substr(0, 10);
  for (const char* object :
       {"schema gone", "index public.t_n", "constraint public.t.positive", "view public.v",
        "materialized view public.mv", "sequence public.s", "enum public.mood",
        "domain public.natural_number", "function public.f(n integer)", "function public.f()",
        "trigger public.t.tr", "policy public.t.p", "rule public.t.r",
        "comment on table column public.t.m", "grant on table public.t to pg_monitor"})
    expect_found(ran, {object + only});
}

TEST_F(Verify, FindsWhatWouldBeHeld) {
  repo.write("migrations/pre/002_two.sql", "create table two ();");
  start();
  repo.write("migrations/pre/002_two.sql", "create table two (n integer);");
  repo.write("migrations/pre/001_one.sql", "create table one ();");
  repo.commit("Twice wrong");
  const Ran ran = verify();
  expect_found(ran, {"from " + repo.id_of("HEAD~1").substr(0, 10), "MigrationEdited", "next:"});
  expect_found(ran, {"MigrationOutOfOrder", "001_one.sql"});
}

TEST_F(Verify, ListsLossesAndDoesNotHoldThem) {
  repo.write(kTables, stand_in());
  repo.commit(kSnapshot, clubs().text("clubs.city"), "With a city");
  repo.commit(kSnapshot, clubs(), "Without");
  const Ran ran = verify();
  expect_good(ran);
  EXPECT_THAT(ran.out, HasSubstr("loses: remove field clubs.city"));
}

// Renamed in one database and made anew in the other: everything that is named after it is the
// same.
TEST_F(Verify, ARenameComesOutAsIfItHadAlwaysBeenCalledThat) {
  const auto named = [](const std::string& collection, const std::string& field) {
    SnapshotText snapshot;
    snapshot.collection(collection)
        .field(collection + "." + field, "character varying",
               "max_length: 255, is_nullable: false, is_unique: true")
        .field(collection + ".city", "text", "is_nullable: true, is_indexed: true")
        .collection("members")
        .relation("members.club", collection);
    return snapshot;
  };
  repo.write(kTables, stand_in());
  repo.commit(kSnapshot, named("clubs", "name"), "Old");
  repo.commit(
      kSnapshot, named("teams", "title"),
      "New\n\nRename: collection clubs to teams\nRename: field clubs.name to teams.title\n");
  expect_good(verify());
}

TEST_F(Verify, ABrokenBaseDoesNotBlockItsFix) {
  repo.write("migrations/pre/001_unique.sql", "alter table clubs add unique (name);");
  start();
  EXPECT_EQ(verify().exit_code, 1);
  repo.run({"mv", "migrations/pre", "migrations/post"});
  repo.commit("After the tables");
  const Ran ran = verify();
  expect_good(ran);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("cannot be applied to a new database itself"),
                             HasSubstr("migrations/pre/001_unique.sql:1"), HasSubstr("--from")));
}

TEST_F(Verify, TakesTheBaseThatIsNamed) {
  const std::string first = start();
  repo.commit(kSnapshot, clubs("Two"), "Two");
  repo.commit(kSnapshot, clubs("Three"), "Three");
  const Ran ran = verify({"--from", "HEAD~2"});
  expect_good(ran);
  EXPECT_THAT(ran.out, HasSubstr("and from " + first.substr(0, 10)));
  repo.checkout(first);
  repo.branch("aside").commit("Aside");
  expect_found(verify({"--from", "main"}), {"DivergedRevision"});
  EXPECT_THAT(verify({"--from", "nowhere"}).err, HasSubstr("no revision nowhere"));
  const Ran none = verify({"--revision", first});
  expect_good(none);
  EXPECT_THAT(none.err, HasSubstr("there is no base"));
}

TEST_F(Verify, AShallowCloneSaysSo) {
  start();
  repo.commit("Second");
  TempFolder clone;
  run_git(clone.path(),
          {"clone", "--quiet", "--depth", "1", "file://" + repo.path().string(), "."});
  const Ran ran = run_program(
      {RECONCILE_PROGRAM, "verify", "--repo", clone.path(), "--state", checkout.state.path()},
      surroundings(), checkout.state.path());
  EXPECT_EQ(ran.exit_code, 1) << ran;
  EXPECT_THAT(ran.err, AllOf(HasSubstr("is not in this clone"), HasSubstr("fetch-depth: 0")));
}

TEST_F(Verify, SaysWhatToGiveForTheTablesOfDirectus) {
  repo.commit(kSnapshot, clubs(), "Clubs");
  const Ran nothing = verify();
  EXPECT_EQ(nothing.exit_code, 64) << nothing;
  const auto document = boost::json::parse(verify({"--output", "json"}).out).as_object();
  EXPECT_EQ(document.at("outcome"), "failed");
  EXPECT_THAT(nothing.err, AllOf(HasSubstr("nothing to make the tables of Directus from"),
                                 HasSubstr("--write-directus-tables"),
                                 HasSubstr("directus.bootstrap"), HasSubstr("--database")));
  repo.write("other.sql", stand_in());
  const Ran uncommitted = verify({"--directus-tables", "other.sql"});
  EXPECT_EQ(uncommitted.exit_code, 64) << uncommitted;
  EXPECT_THAT(uncommitted.err, HasSubstr("only what is committed is read"));
  repo.commit("Tables");
  expect_good(verify({"--directus-tables", "other.sql"}));
  repo.commit(kTables, "select 1;\nselekt 2;\n", "Bad");
  const Ran bad = verify();
  EXPECT_EQ(bad.exit_code, 1) << bad;
  EXPECT_THAT(bad.err, HasSubstr("snapshots/directus-tables.sql:2"));
  repo.commit(kTables, "select 1;\n", "Empty");
  EXPECT_THAT(verify().err, HasSubstr("did not make the tables of Directus"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(Verify, WithoutASnapshotItNeedsNone) {
  repo.commit("migrations/pre/001_one.sql", "create table one ();", "SQL only");
  expect_good(verify());
}

TEST_F(Verify, ARoleThatANewServerDoesNotHave) {
  repo.commit("migrations/pre/001_one.sql",
              "create table one ();\ngrant select on one to reporters;", "Grant");
  expect_found(verify(), {"migrations/pre/001_one.sql:2:", "role \"reporters\" does not exist",
                          "does not have that role"});
}

TEST_F(Verify, TheBootstrapCommandIsLedToItsDatabase) {
  repo.commit(kSnapshot, clubs(), "Clubs");
  std::ofstream(checkout.state.path() / "reconcile.yaml")
      << "targets:\n  stage:\n    database: host=nowhere.invalid\n    directus:\n"
         "      bootstrap: [bash, -c, 'test $CONFIG_PATH = /dev/null && test -z \"$DB_SSL\" && "
         "PGPASSWORD=$DB_PASSWORD psql --quiet --host $DB_HOST --port $DB_PORT --username $DB_USER "
         "--dbname $DB_DATABASE --file "
      << RECONCILE_SOURCE_DIR << "/tests/support/directus_system_tables.sql']\n";
  Words more = surroundings();
  more.insert(more.end(), {"DB_HOST=nowhere.invalid", "DB_SSL=true", "CONFIG_PATH=/etc/passwd"});
  const Ran ran = run_program(line({"--config", checkout.state.path() / "reconcile.yaml"}), more,
                              checkout.state.path());
  expect_good(ran);
  EXPECT_THAT(ran.out, HasSubstr("stage"));
}

// ---- with a database

class VerifyBeside : public Verify {
 protected:
  std::string others() const {
    return database.value("select count(*) from pg_database where datname ~ '^reconcile_verify_'");
  }
  Ran verify_beside(const Words& more = {}) const {
    Words words = {"--database", database.conninfo()};
    words.insert(words.end(), more.begin(), more.end());
    return verify(words);
  }
  /// Applies a commit, with a field in a table of Directus.
  std::string apply_first() {
    const std::string first = repo.commit(
        kSnapshot, clubs().field("directus_users.club", "text", "is_nullable: true"), "Clubs");
    EXPECT_EQ(checkout.run(database.conninfo(), {"--once"}).exit_code, 0);
    return first;
  }

  TestDatabase database;
};

TEST_F(VerifyBeside, ItsBaseAndItsTablesAreTaken) {
  const std::string first = apply_first();
  repo.commit("Two");
  repo.commit("Three");
  const std::string before = database.dump();
  const Ran ran = verify_beside();
  expect_good(ran);
  EXPECT_THAT(ran.out, HasSubstr("and from " + first.substr(0, 10)));
  EXPECT_EQ(database.dump(), before);
}

TEST_F(VerifyBeside, ItsTablesCanBeCommitted) {
  const TestDatabase fresh;
  apply_first();
  for (const std::string& source : {database.conninfo(), fresh.conninfo()}) {
    const Ran written =
        verify({"--database", source, "--write-directus-tables", checkout.repo.path() / kTables});
    EXPECT_EQ(written.exit_code, 0) << written;
    const TestDatabase made(TestServer::shared(), TestDatabase::Contents::Nothing);
    made.execute(contents(checkout.repo.path() / kTables));
    EXPECT_EQ(made.schema(), fresh.schema());
  }
  repo.commit("Tables");
  expect_good(verify());
  const TestDatabase empty(TestServer::shared(), TestDatabase::Contents::Nothing);
  const Ran none = verify(
      {"--database", empty.conninfo(), "--write-directus-tables", scratch.path() / "none.sql"});
  EXPECT_EQ(none.exit_code, 1) << none;
  EXPECT_THAT(none.err, HasSubstr("Directus is not installed there"));
}

TEST_F(VerifyBeside, OnItsServerInDatabasesThatAreDroppedAgain) {
  apply_first();
  repo.write("migrations/pre/001_seen.sql",
             "do $$ begin if current_database() !~ '^reconcile_verify_' then raise 'the target'; "
             "end if; end $$;");
  repo.commit("Two");
  const std::string before = database.dump();
  expect_good(verify_beside({"--on-server"}));
  EXPECT_EQ(others(), "0");
  EXPECT_EQ(database.dump(), before);
  EXPECT_EQ(verify({"--on-server"}).exit_code, 64);
}

// ---- the end

class VerifyEnds : public VerifyBeside, public testing::WithParamInterface<int> {
 protected:
  void commit_sleeper() {
    start();
    repo.commit("migrations/pre/001_sleep.sql", "select pg_sleep(100);", "Sleep");
  }
};

INSTANTIATE_TEST_SUITE_P(Signals, VerifyEnds, testing::Values(SIGINT, SIGTERM));

TEST_P(VerifyEnds, WithoutLeavingItsServer) {
  commit_sleeper();
  Program program(line({}), surroundings());
  program.wait_until(
      [&] {
        const Words folders = left();
        if (folders.size() != 1) return false;
        try {
          const std::filesystem::path folder = scratch.path() / folders.front();
          std::string socket;
          for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const std::string name = entry.path().filename();
            if (name.starts_with(".s.PGSQL.") && !name.ends_with(".lock")) socket = name.substr(9);
          }
          if (socket.empty()) return false;
          Connection connection("host=" + folder.string() + " port=" + socket +
                                " user=postgres dbname=postgres");
          return connection.value(
                     "select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == "1";
        } catch (const std::exception&) {
          return false;
        }
      },
      "the pass sleeping");
  program.kill(GetParam());
  const Ran ran = program.wait(std::chrono::seconds(20));
  EXPECT_EQ(ran.exit_code, 128 + GetParam()) << ran;
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(VerifyEnds, WithoutLeavingItsDatabases) {
  commit_sleeper();
  Program program(line({"--database", database.conninfo(), "--on-server"}), surroundings());
  program.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and "
                   "datname ~ '^reconcile_verify_'") == "1";
      },
      "the pass sleeping");
  program.kill(GetParam());
  const Ran ran = program.wait(std::chrono::seconds(20));
  EXPECT_EQ(ran.exit_code, 128 + GetParam()) << ran;
  EXPECT_EQ(others(), "0");
}

TEST_P(VerifyEnds, WithoutLeavingItsBootstrapCommand) {
  repo.commit(kSnapshot, clubs(), "Clubs");
  const std::filesystem::path config = checkout.state.path() / "reconcile.yaml";
  const std::filesystem::path pid = checkout.state.path() / "pid";
  std::ofstream(config)
      << "targets:\n  one:\n    directus:\n      bootstrap: [bash, -c, 'echo $$ > " << pid.string()
      << "; sleep 100']\n";
  Program program(line({"--config", config}), surroundings());
  program.wait_until([&] { return contents(pid).ends_with('\n'); }, "the command sleeping");
  program.kill(GetParam());
  const Ran ran = program.wait(std::chrono::seconds(20));
  EXPECT_EQ(ran.exit_code, 128 + GetParam()) << ran;
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_NE(kill(std::stoi(contents(pid)), 0), 0);
}

TEST_F(Verify, TwoSideBySide) {
  start();
  repo.commit(kSnapshot, clubs("New"), "Note");
  Program one(line({}), surroundings());
  Program two(line({}), surroundings());
  EXPECT_EQ(one.wait().exit_code, 0);
  EXPECT_EQ(two.wait().exit_code, 0);
  EXPECT_THAT(left(), IsEmpty());
}

}  // namespace
}  // namespace reconcile::test
