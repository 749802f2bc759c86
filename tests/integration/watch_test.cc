#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/http_server.h"
#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// `drift: {watch: true}`: the database says at once that somebody has changed it, and who it was.

namespace reconcile::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kTables =
    "create table clubs_log (id int primary key, note text); create index clubs_log_note on "
    "clubs_log (note); create materialized view clubs_seen as select id from clubs_log; create "
    "view clubs_ids as select id from clubs_log;";

constexpr const char* kManyComments =
    "do $$ begin for i in 1 .. 1100 loop execute 'comment on table clubs_log is ' || "
    "quote_literal(i); end loop; end $$";

class Watched : public PassTest {
 protected:
  void SetUp() override {
    configure("watch: true");
    repo.write("migrations/pre/001_log.sql", kTables);
    repo.commit(kSnapshot, SnapshotText().collection("clubs").text("clubs.name").str(), "State");
    const Ran ran = reconcile({"--once"});
    ASSERT_EQ(ran.exit_code, 0) << ran;
    EXPECT_EQ(ran.err, "") << ran;
  }
  std::string file() const { return (checkout.state.path() / "reconcile.yaml").string(); }
  void configure(const std::string& drift, const std::string& user = "") const {
    std::ofstream(file()) << "repository: " << repo.path().string() << "\ntargets:\n  trm:\n"
                          << "    database: \"" << database.conninfo() << user << "\"\n"
                          << "    drift: {" << drift << "}\n";
  }
  Ran reconcile(Words words) const {
    words.insert(words.begin(), RECONCILE_PROGRAM);
    words.insert(words.end(),
                 {"--config", file(), "--state", (checkout.state.path() / "state").string()});
    return run_program(words, {}, checkout.state.path());
  }
  boost::json::array drift() const {
    const Ran ran = reconcile({"drift", "--output", "json"});
    EXPECT_THAT(ran.exit_code, testing::AnyOf(0, 2)) << ran;
    const boost::json::value report = boost::json::parse(ran.out);
    return report.at("drift").as_array();
  }
  std::string noted() const {
    return database.value(
        "select coalesce(string_agg(command, ',' order by id), '') from reconcile.change");
  }
};

// ---- who it was

struct Culprit {
  std::string name;
  std::string by_hand;
  std::string object;
  std::string command;
};

std::ostream& operator<<(std::ostream& stream, const Culprit& test) { return stream << test.name; }

class WatchedCulprits : public Watched, public testing::WithParamInterface<Culprit> {};

TEST_P(WatchedCulprits, AreNamed) {
  const Culprit& test = GetParam();
  const Ran changed =
      run_program({"psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname",
                   database.conninfo() + " application_name='by hand'", "--command", test.by_hand});
  ASSERT_EQ(changed.exit_code, 0) << changed;
  bool found = false;
  for (const auto& entry : drift()) {
    if (entry.at("object").as_string() != test.object) continue;
    found = true;
    ASSERT_TRUE(entry.at("by").is_object()) << entry;
    EXPECT_EQ(entry.at("by").at("application").as_string(), "by hand");
    EXPECT_EQ(entry.at("by").at("role").as_string(), database.value("select session_user"));
    EXPECT_EQ(entry.at("by").at("command").as_string(), test.command);
  }
  EXPECT_TRUE(found) << drift();
  const Ran ran = reconcile({"drift"});
  EXPECT_THAT(ran.out, HasSubstr("with by hand, 20")) << ran;
}

INSTANTIATE_TEST_SUITE_P(
    All, WatchedCulprits,
    testing::Values(
        Culprit{"Column", "alter table clubs_log add more int", "column public.clubs_log.more",
                "ALTER TABLE"},
        Culprit{"IndexGone", "drop index clubs_log_note", "index public.clubs_log_note",
                "DROP INDEX"},
        Culprit{"IndexConcurrently", "create index concurrently slow on clubs_log (note)",
                "index public.slow", "CREATE INDEX"},
        Culprit{"View", "create or replace view clubs_ids as select id + 1 as id from clubs_log",
                "view public.clubs_ids", "CREATE VIEW"},
        Culprit{"NewTable", "create table stray (id int)", "table public.stray", "CREATE TABLE"},
        Culprit{"Comment", "comment on table clubs_log is 'Mine'",
                "comment on table public.clubs_log", "COMMENT"},
        Culprit{"Grant", "grant select on clubs_log to public",
                "grant on table public.clubs_log to public", "GRANT"},
        Culprit{"Field", "update directus_fields set note = 'Mine' where field = 'name'",
                "field clubs.name", "UPDATE directus_fields"},
        Culprit{"FieldGone", "delete from directus_fields where field = 'name'", "field clubs.name",
                "DELETE directus_fields"},
        Culprit{"Collection", "update directus_collections set note = 'Mine'", "collection clubs",
                "UPDATE directus_collections"},
        Culprit{"WithinAFunction",
                "do $$ begin execute 'alter table clubs_log alter note set not null'; end $$",
                "column public.clubs_log.note", "ALTER TABLE"}),
    case_name);

// ---- what nobody has to hear of

TEST_F(Watched, IsSilentAboutWhatChangesNoSchema) {
  database.execute("create temp table t (id int); alter table t add x int; drop table t");
  database.execute("insert into clubs_log values (1, 'x'); refresh materialized view clubs_seen");
  database.execute("begin; alter table clubs_log add y int; rollback");
  database.execute("update directus_fields set note = 'x' where false");
  EXPECT_EQ(noted(), "");
}

TEST_F(Watched, IsSilentAboutPasses) {
  repo.commit(kSnapshot,
              SnapshotText().collection("clubs").text("clubs.name").text("clubs.town").str(),
              "Towns");
  EXPECT_EQ(reconcile({"--once"}).exit_code, 0);
  database.execute("drop index clubs_log_note");
  EXPECT_EQ(noted(), "DROP INDEX");
  EXPECT_EQ(reconcile({"heal"}).exit_code, 0);
  EXPECT_EQ(noted(), "DROP INDEX");
}

TEST_F(Watched, KeepsNoPasswords) {
  database.execute("do $$ begin /* password 'pa55word' */ create table secrets (id int); end $$");
  EXPECT_EQ(noted(), "CREATE TABLE");
  EXPECT_THAT(database.value("select string_agg(statement, '') from reconcile.change"),
              Not(HasSubstr("pa55word")));
}

struct Message {
  std::string name;
  std::string sent;
  std::string kept;
};

std::ostream& operator<<(std::ostream& stream, const Message& test) { return stream << test.name; }

class WatchedMessages : public Watched, public testing::WithParamInterface<Message> {};

TEST_P(WatchedMessages, AreKeptWithoutTheirLiterals) {
  const Message& test = GetParam();
  database.execute(test.sent);
  EXPECT_EQ(database.value("select statement from reconcile.change"), test.kept);
}

INSTANTIATE_TEST_SUITE_P(
    All, WatchedMessages,
    testing::Values(
        Message{"Plain", "select 'se', 'cret'; create table stray (note text default 'secret')",
                "select '...', '...'; create table stray (note text default '...')"},
        Message{"DoubledQuotes", "select 'sec''ret'''; create table stray (id int)",
                "select '...'; create table stray (id int)"},
        Message{"Escapes", "select E'sec\\'ret'; create table stray (id int)", "select E'...'"},
        Message{"Dollars", "select 1, $a$secret$a$; create table stray (id int)",
                "select 1, '...'"},
        Message{"DollarsInALiteral", "select '$$', 'secret$$'; create table stray (id int)",
                "select '...'"},
        Message{"NamesWithQuotes", "create table stray (\"it's\" text default 'secret')",
                "create table stray (\"it's\" text default '...')"},
        Message{"LineComments", "-- don't\nselect 'secret'; create table stray (id int)",
                "-- don't\nselect '...'; create table stray (id int)"},
        Message{"Comments", "/* /* */ don't */ select 'secret'; create table stray (id int)",
                "/* /* */ don'...'"},
        Message{"NeverEnding",
                "select '" + std::string(5000, 'x') + "'; create table stray (id int)",
                "select '...'"}),
    case_name);

TEST_F(Watched, KeepsTheNewestThousand) {
  database.execute(kManyComments);
  EXPECT_EQ(count("reconcile.change"), "1000");
}

// ---- the triggers themselves

TEST_F(Watched, IsNeitherDriftNorPartOfTheSchema) {
  EXPECT_THAT(drift(), IsEmpty());
  const auto fingerprint = [&] {
    return boost::json::parse(reconcile({"drift", "--output", "json"}).out)
        .at("fingerprint")
        .as_string();
  };
  const auto watched = fingerprint();
  configure("watch: false");
  EXPECT_EQ(reconcile({"--once"}).exit_code, 0);
  EXPECT_EQ(fingerprint(), watched);
}

TEST_F(Watched, StaysUntilAConfigurationSaysFalse) {
  const auto triggers = [&] { return count("pg_event_trigger"); };
  configure("policy: alert");
  EXPECT_EQ(reconcile({"--once"}).exit_code, 0);
  EXPECT_EQ(triggers(), "2");
  // From a folder without a configuration.
  for (const Words& command : {Words{"--once"}, Words{"heal"}}) {
    const Ran ran = run_program(checkout.line(database.conninfo(), command));
    EXPECT_EQ(ran.exit_code, 0) << ran;
    EXPECT_EQ(triggers(), "2") << command.front();
  }
}

TEST_F(Watched, GoesWithoutATrace) {
  configure("watch: false");
  const Ran ran = reconcile({"--once"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select count(*) from pg_event_trigger"), "0");
  EXPECT_EQ(database.value("select count(*) from pg_trigger where tgname like 'reconcile_%'"), "0");
  EXPECT_EQ(database.value("select count(*) from pg_proc where pronamespace = "
                           "'reconcile'::regnamespace"),
            "0");
  EXPECT_EQ(database.value("select to_regclass('reconcile.change') is null"), "t");
  database.execute("drop index clubs_log_note");
}

TEST_F(Watched, ComesBackWhereSomebodyTookItAway) {
  database.execute(
      "drop event trigger reconcile_ddl; drop trigger reconcile_insert on directus_fields");
  EXPECT_EQ(reconcile({"--once"}).exit_code, 0);
  EXPECT_EQ(database.value("select count(*) from pg_event_trigger"), "2");
  EXPECT_EQ(database.value("select count(*) from pg_trigger where tgname = 'reconcile_insert'"),
            "3");
}

// Whoever changes the schema must be able to go on, whatever has become of ours.
TEST_F(Watched, BreaksNobodysStatement) {
  database.execute("drop table reconcile.change");
  database.execute("create table stray (id int); update directus_fields set note = 'x'");
  EXPECT_EQ(database.value("select to_regclass('stray') is not null"), "t");
  EXPECT_EQ(database.value("select count(*) from directus_fields where note = 'x'"),
            count("directus_fields"));
}

// What a transaction keeps, or has thrown out, is locked for as long as it is open.
TEST_F(Watched, LetsNobodyWaitForAnother) {
  database.execute(kManyComments);
  Connection open = database.connect();
  open.execute("begin; create table one (id int)");
  Connection other = database.connect();
  other.execute("set statement_timeout = '10s'; create table two (id int)");
  open.execute("commit");
  EXPECT_EQ(count("reconcile.change where command = 'CREATE TABLE'"), "2");
  database.execute("create table three (id int)");
  EXPECT_EQ(count("reconcile.change"), "1000");
}

TEST_F(Watched, LetsNobodyWaitForWhoLocksWhatItKeeps) {
  Connection open = database.connect();
  open.execute("begin; lock table reconcile.change");
  Connection other = database.connect();
  other.execute("set statement_timeout = '10s'; create table stray (id int)");
}

TEST_F(Watched, IsNoReasonForTwoToConflict) {
  Connection one = database.connect();
  Connection two = database.connect();
  one.execute("begin isolation level serializable; create table one (id int)");
  two.execute("begin isolation level serializable; create table two (id int)");
  one.execute("commit");
  two.execute("commit");
  EXPECT_EQ(noted(), "CREATE TABLE,CREATE TABLE");
}

// While pg_dump reads, say: whoever came after a removal that waits would wait as well.
TEST_F(Watched, GoesWhenNobodyIsAtTheTables) {
  configure("watch: false");
  Connection dump = database.connect();
  dump.execute("begin; lock table directus_fields in access share mode");
  const Ran ran = reconcile({"--once"});
  EXPECT_THAT(ran.err, HasSubstr("the watch could not be taken away")) << ran;
  EXPECT_LT(ran.duration, 8s);
  dump.execute("commit");
  EXPECT_EQ(reconcile({"--once"}).err, "");
  EXPECT_EQ(database.value("select to_regclass('reconcile.change') is null"), "t");
}

TEST_F(Watched, ComesWhenNobodyIsAtTheTables) {
  database.execute("drop trigger reconcile_insert on directus_fields");
  Connection save = database.connect();
  save.execute("begin; lock table directus_fields in row exclusive mode");
  std::chrono::milliseconds shortest = 1h;
  for (int i = 0; i < 3; ++i) {
    const Ran ran = reconcile({"--once"});
    EXPECT_THAT(ran.err, HasSubstr("cannot be watched")) << ran;
    shortest = std::min(shortest, ran.duration);
  }
  EXPECT_LT(shortest, 2s);
  save.execute("commit");
  EXPECT_EQ(reconcile({"--once"}).err, "");
  EXPECT_EQ(count("pg_trigger where tgname = 'reconcile_insert'"), "3");
}

TEST_F(Watched, ReadsOddNames) {
  database.execute("drop index clubs_log_note");
  database.execute("update reconcile.change set objects = array[null, 'public.clubs_log_note']");
  const boost::json::array found = drift();
  ASSERT_THAT(found, testing::SizeIs(1));
  EXPECT_EQ(found[0].at("by").at("command").as_string(), "DROP INDEX");
}

TEST_F(Watched, AlsoSeesWhoMayNotReadTheLedger) {
  const std::string role = "guest_" + database.name();
  database.execute("create role " + role + " login; grant create on schema public to " + role);
  database.execute("set session authorization " + role + "; create table theirs (id int)");
  EXPECT_EQ(database.value("select role from reconcile.change where command = 'CREATE TABLE'"),
            role);
  database.execute("drop owned by " + role + "; drop role " + role);
}

TEST_F(Watched, SaysWhatOnlyASuperuserMayMake) {
  configure("watch: false");
  ASSERT_EQ(reconcile({"--once"}).exit_code, 0);
  const std::string role = "owner_" + database.name();
  database.execute(fmt::format(
      "create role {0} login; do $$ declare part record; begin for part in select oid::regclass as "
      "name from pg_class where relnamespace in ('public'::regnamespace, "
      "'reconcile'::regnamespace) "
      "and relkind in ('r', 'v', 'm') loop execute format('alter table %s owner to {0}', "
      "part.name); "
      "end loop; end $$; alter schema reconcile owner to {0}; alter schema reconcile_quarantine "
      "owner to {0}",
      role));
  configure("watch: true", " user=" + role);
  const Ran ran = reconcile({"--once"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  const auto ddl = HasSubstr("create event trigger reconcile_ddl");
  const auto drop = HasSubstr("create event trigger reconcile_drop");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("superuser"), ddl, drop)) << ran;
  database.execute(
      "create event trigger reconcile_ddl on ddl_command_end execute function "
      "reconcile.note_ddl()");
  const Ran again = reconcile({"--once"});
  EXPECT_THAT(again.err, AllOf(HasSubstr("superuser"), Not(ddl), drop)) << again;
  // Whoever reads the server's log is not told of it at each pass.
  std::ifstream log(TestServer::shared().server().log_file());
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(log), {}),
              AllOf(Not(HasSubstr("event trigger \"reconcile_")),
                    Not(HasSubstr("to create event trigger"))));
  database.execute("update directus_fields set note = 'x'");
  EXPECT_EQ(noted(), "UPDATE directus_fields");
  database.execute(
      fmt::format("reassign owned by {0} to current_user; drop owned by {0}; drop role {0}", role));
}

// ---- the controller

TEST_F(Watched, IsToldAtOnce) {
  HttpServer people([](const HttpAsked&) { return HttpAnswer::status(200); });
  std::ofstream(file()) << "repository: " << repo.path().string()
                        << "\npoll: 1h\nhttp: {listen: '127.0.0.1:0'}\nnotify:\n  ops: {type: "
                           "webhook, url: '"
                        << people.address() << "/ops'}\ntargets:\n  trm:\n    database: \""
                        << database.conninfo()
                        << "\"\n    interval: 1h\n    drift: {watch: true}\n";
  Program controller({RECONCILE_PROGRAM, "--config", file(), "--state",
                      (checkout.state.path() / "state").string()});
  controller.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and "
                   "mode = 'ExclusiveLock'") != "0";
      },
      "the controller leads");
  database.execute("set application_name = 'by hand'; drop index clubs_log_note");
  controller.wait_until(
      [&] {
        return std::ranges::any_of(people.asked(), [](const HttpAsked& asked) {
          return asked.body.find("public.clubs_log_note") != std::string::npos &&
                 asked.body.find("with by hand") != std::string::npos;
        });
      },
      "the alert names who dropped the index", 20s);
  controller.kill(SIGTERM);
  EXPECT_EQ(controller.wait().exit_code, 0);
}

}  // namespace
}  // namespace reconcile::test
