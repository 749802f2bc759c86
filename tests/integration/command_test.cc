#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/pass_fixture.h"

// The commands: what they print, what they return, what they must not do.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Commands : public PassTest {
 protected:
  static SnapshotText clubs(const std::string& note = "null") {
    SnapshotText snapshot;
    snapshot.collection("clubs").text("clubs.name", note);
    return snapshot;
  }

  /// Also the rows of the ledger itself, unlike dump().
  std::string everything() const {
    std::string text = database.dump();
    if (database.value("select to_regclass('reconcile.revision') is null") == "t") return text;
    for (const auto& row :
         database.query("select to_jsonb(r) from reconcile.revision r order by id"))
      text += row.front() + '\n';
    return text;
  }

  boost::json::object json(Words command) const {
    command.insert(command.end(), {"--output", "json"});
    return boost::json::parse(run(std::move(command)).out).as_object();
  }
};

// ---- looking writes nothing

struct Look {
  std::string name;
  std::vector<std::string> command;
  int fresh, changed, same;  ///< exit codes before the first pass, with a new commit, in sync
};

std::ostream& operator<<(std::ostream& stream, const Look& look) { return stream << look.name; }

class CommandsThatLook : public Commands, public testing::WithParamInterface<Look> {};

TEST_P(CommandsThatLook, WriteNothing) {
  const auto expect = [&](int exit_code, const char* when) {
    const std::string before = everything();
    const Ran ran = run(GetParam().command);
    EXPECT_EQ(ran.exit_code, exit_code) << when << ' ' << ran;
    EXPECT_EQ(everything(), before) << when;
  };
  repo.write("migrations/seed/001_a.sql", "insert into clubs values (gen_random_uuid());")
      .commit(kSnapshot, clubs(), "Clubs");
  expect(GetParam().fresh, "fresh");
  EXPECT_EQ(once().exit_code, 0);
  expect(GetParam().same, "the same");
  repo.commit(kSnapshot, clubs("Note"), "Note");
  expect(GetParam().changed, "changed");
}

INSTANTIATE_TEST_SUITE_P(All, CommandsThatLook,
                         testing::Values(Look{"Plan", {"plan"}, 2, 2, 0},
                                         Look{"Status", {"status"}, 0, 0, 0},
                                         Look{"History", {"history"}, 0, 0, 0},
                                         Look{"DryRun", {"--once", "--mode", "dry-run"}, 2, 2, 0},
                                         Look{"Skip", {"--once", "--mode", "skip"}, 0, 0, 0},
                                         Look{"PlanVerbose", {"plan", "-v"}, 2, 2, 0}),
                         case_name);

TEST_F(Commands, ADryRunOfAHeldRevisionWritesNothing) {
  apply(kSnapshot, clubs());
  repo.commit(kSnapshot, SnapshotText(), "Remove");
  const std::string before = everything();
  for (const Words& command : {Words{"plan"}, Words{"--once", "--mode", "dry-run"}}) {
    const Ran ran = run(command);
    EXPECT_EQ(ran.exit_code, 3) << ran;
    EXPECT_TRUE(ran.complains("DestructiveChange")) << ran;
  }
  EXPECT_EQ(everything(), before);
}

TEST_F(Commands, AReadOnlyRoleCanPlan) {
  apply(kSnapshot, clubs());
  repo.commit(kSnapshot, clubs("Note"), "Note");
  const std::string role = "reader_" + database.name();
  database.execute("create role " + role + " login; grant usage on schema public, reconcile to " +
                   role + "; grant select on all tables in schema public, reconcile to " + role);
  const std::string conninfo = database.conninfo() + " user=" + role;
  for (const Words& command : {Words{"plan"}, Words{"status"}, Words{"history"}}) {
    const Ran ran = checkout.run(conninfo, command);
    EXPECT_EQ(ran.exit_code, command.front() == "plan" ? 2 : 0) << ran;
  }
  database.execute("drop owned by " + role + "; drop role " + role);
}

// ---- output

TEST_F(Commands, JsonHasTheDocumentedKeys) {
  const std::string commit = repo.commit(kSnapshot, clubs(), "Clubs");
  const auto planned = json({"plan"});
  for (const char* key :
       {"target", "revision", "base", "outcome", "reason", "steps", "drift", "duration_ms"})
    EXPECT_TRUE(planned.contains(key)) << key;
  EXPECT_EQ(planned.at("outcome"), "pending");
  EXPECT_EQ(planned.at("revision"), commit.c_str());
  EXPECT_TRUE(planned.at("base").is_null());
  EXPECT_EQ(planned.at("steps").as_array().size(), 3U);

  EXPECT_EQ(json({"--once"}).at("outcome"), "applied");
  const auto status = json({"status"});
  EXPECT_EQ(status.at("outcome"), "in-sync");
  EXPECT_EQ(status.at("base"), commit.c_str());

  repo.commit("migrations/pre/001_x.sql", "select 1;\nselect broken(;\n", "Break");
  const auto failed = json({"--once"});
  EXPECT_EQ(failed.at("outcome"), "failed");
  EXPECT_EQ(failed.at("reason"), "load");
  EXPECT_EQ(failed.at("error").at("where"), "migrations/pre/001_x.sql:2");

  repo.remove("migrations").commit(kSnapshot, SnapshotText(), "Remove");
  const auto held = json({"--once"});
  EXPECT_EQ(held.at("outcome"), "held");
  EXPECT_EQ(held.at("reason"), "DestructiveChange");
  EXPECT_FALSE(held.at("holds").as_array().empty());

  const auto history = json({"history"});
  EXPECT_EQ(history.at("history").at(0).at("outcome"), "held");
}

TEST_F(Commands, PlanReadsLikeADiff) {
  apply(kSnapshot, clubs());
  repo.write("migrations/post/001_a.sql", "comment on table clubs is 'C';")
      .commit(kSnapshot, clubs("Note").collection("members"), "Members and a note");
  const Ran ran = run({"plan"});
  EXPECT_EQ(ran.exit_code, 2) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Members and a note"), HasSubstr("+ collection members"),
                             HasSubstr("~ field name"), HasSubstr("note: null → \"Note\""),
                             HasSubstr("> post/001_a.sql"), HasSubstr("snapshots/schema.yaml"),
                             HasSubstr("4 steps"), Not(HasSubstr("\x1b["))));
  const Ran colourful = run({"plan"}, {"CLICOLOR_FORCE=1"});
  EXPECT_TRUE(colourful.says("\x1b[32m+")) << colourful;
  const Ran ascii = run({"plan"}, {"LC_ALL=C"});
  EXPECT_THAT(ascii.out, HasSubstr("note: null -> \"Note\""));
  for (const char byte : ascii.out) EXPECT_GE(byte, 0);
  EXPECT_THAT(run({"plan", "-v"}).out, HasSubstr("create table public.\"members\""));
}

TEST_F(Commands, ControlCharactersAreShownNotObeyed) {
  repo.commit(kSnapshot, clubs("\"\\e[2J\\e]0;owned\\a\""), "Subject \x1b[31mred");
  const Ran ran = run({"plan", "-v"});
  EXPECT_EQ(ran.exit_code, 2) << ran;
  EXPECT_FALSE(ran.says("\x1b")) << ran;
  EXPECT_TRUE(ran.says("Subject \\x1b[31mred")) << ran;
}

TEST_F(Commands, StatusIsOneLineATarget) {
  const std::string commit = apply(kSnapshot, clubs());
  const std::string next = repo.commit(kSnapshot, clubs("Note"), "Note");
  const Ran ran = run({"status", "--target", "stage"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(ContainsRegex("STATE +TARGET +GIT +DB +PLAN"), HasSubstr("pending"),
                             HasSubstr("stage"), HasSubstr(commit.substr(0, 10)),
                             HasSubstr(next.substr(0, 10))));
}

TEST_F(Commands, HistoryTellsWhatWasTried) {
  Ran ran = run({"history"});
  EXPECT_TRUE(ran.says("nothing yet")) << ran;
  apply(kSnapshot, clubs(), "Make clubs");
  repo.commit("migrations/pre/001_x.sql", "select 1 / 0;", "Divide");
  EXPECT_EQ(once().exit_code, 1);
  EXPECT_EQ(once().exit_code, 1);
  repo.commit("migrations/pre/001_x.sql", "select 1;", "Mend");
  EXPECT_EQ(once().exit_code, 0);
  ran = run({"history"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Make clubs"), HasSubstr("Divide"), HasSubstr("Mend"),
                             HasSubstr("division by zero"), HasSubstr("seen 2 times"),
                             HasSubstr("3 steps"), HasSubstr("failed")));
  EXPECT_LT(ran.out.find("Mend"), ran.out.find("Make clubs"));  // newest first
}

TEST_F(Commands, SeveralTargetsOfOneConfiguration) {
  const TestDatabase stage;
  const TestDatabase gone(TestServer::shared(), TestDatabase::Contents::Nothing);
  repo.commit(kSnapshot, clubs(), "Clubs");
  std::ofstream(checkout.state.path() / "reconcile.yaml")
      << "repository: " << repo.path().string() << "\nstate: " << checkout.state.path().string()
      << "\ntargets:\n  prod: {database: \"" << database.conninfo()
      << "\", environment: prod}\n  stage: {database: \"" << stage.conninfo()
      << "\", mode: dry-run}\n  later: {database: \"" << gone.conninfo() << "\"}\n";
  // The configuration is found in the current folder.
  const auto here = [&](Words words) {
    words.insert(words.begin(), RECONCILE_PROGRAM);
    return run_program(words, {}, checkout.state.path());
  };
  const Ran all = here({"--once"});
  EXPECT_EQ(all.exit_code, 3) << all;  // the most urgent of applied, pending and held
  EXPECT_EQ(database.value("select count(*) from reconcile.revision"), "1");
  EXPECT_EQ(stage.value("select to_regnamespace('reconcile') is null"), "t");
  const Ran one = here({"--once", "--target", "stage", "--mode", "auto"});
  EXPECT_EQ(one.exit_code, 0) << one;
  EXPECT_EQ(stage.value("select count(*) from reconcile.revision"), "1");
}

// ---- secrets

TEST_F(Commands, ThePasswordIsNowhereToBeSeen) {
  database.execute("create table gate (n integer)");
  repo.commit("migrations/pre/001_a.sql", "select * from gate;", "Wait at the gate");
  Connection holder = database.connect();
  holder.execute("begin; lock table gate in access exclusive mode");
  const std::string secret = "pa55word";
  Words line = checkout.line(database.conninfo() + " password=" + secret, {"--once", "-v"});
  Program program(line);
  program.wait_until(
      [&] {
        return database.value(
                   "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and "
                   "datname = current_database()") == "1";
      },
      "the pass at the gate");
  std::ifstream file("/proc/" + std::to_string(program.pid()) + "/cmdline");
  const std::string shown(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(shown, AllOf(HasSubstr("--once"), Not(HasSubstr(secret))));
  holder.execute("rollback");
  const Ran ran = program.wait();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_FALSE(ran.says(secret) || ran.complains(secret)) << ran;
}

struct Leak {
  std::string name, database;
};

class CommandsWithAPassword : public Commands, public testing::WithParamInterface<Leak> {};

TEST_P(CommandsWithAPassword, DoNotPrintIt) {
  repo.commit(kSnapshot, clubs(), "Clubs");
  for (const Words& command : {Words{"--once", "-v"}, Words{"plan", "--output", "json"},
                               Words{"status"}, Words{"history"}}) {
    const Ran ran = checkout.run(GetParam().database, command);
    EXPECT_NE(ran.exit_code, 0) << ran;
    EXPECT_FALSE(ran.says("pa55word") || ran.complains("pa55word")) << ran;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, CommandsWithAPassword,
    testing::Values(Leak{"Uri", "postgresql://me:pa55word@127.0.0.1:1/db"},
                    Leak{"Words", "host=127.0.0.1 port=1 user=me password=pa55word dbname=db"},
                    Leak{"Quoted", "host=127.0.0.1 port=1 password='pa55word' dbname=db"},
                    Leak{"BrokenUri", "postgresql://me:pa55word@[::1/db"},
                    Leak{"BrokenWords", "password=pa55word nonsense"},
                    Leak{"UnknownKey", "password=pa55word nonsense=1"},
                    Leak{"UriQuery", "postgresql://127.0.0.1:1/db?user=me&password=pa55word"}),
    case_name);

// ---- two controllers

TEST_F(Commands, TwoAtOnceApplyEachRevisionOnce) {
  database.execute("create table gate (n integer)");
  repo.write("migrations/pre/001_a.sql", "insert into gate values (1);")
      .commit(kSnapshot, clubs(), "Clubs");
  Connection holder = database.connect();
  holder.execute("begin; lock table gate in exclusive mode");
  const auto sessions = [&](const std::string& which) {
    return database.value(
        "select count(*) from pg_stat_activity where application_name = 'reconcile' and " + which);
  };
  Program first(checkout.line(database.conninfo(), {"--once"}));
  first.wait_until(
      [&] { return sessions("datname = current_database() and wait_event_type = 'Lock'") == "1"; },
      "the first at the gate");
  Program second(checkout.line(database.conninfo(), {"--once"}));
  second.wait_until([&] { return sessions("datname = current_database()") == "2"; },
                    "the second's connection");
  holder.execute("rollback");
  const Ran one = first.wait();
  const Ran two = second.wait();
  EXPECT_EQ(one.exit_code, 0) << one;
  EXPECT_EQ(two.exit_code, 0) << two;
  EXPECT_TRUE(one.says("applied")) << one;
  EXPECT_TRUE(two.says("in sync")) << two;
  EXPECT_EQ(ledger(), "1/1");
  EXPECT_EQ(count("gate"), "1");
}

TEST_F(Commands, ManyAtOnce) {
  database.execute("create table log (n integer)");
  for (int n = 1; n <= 3; ++n) {
    repo.commit("migrations/pre/00" + std::to_string(n) + "_a.sql",
                "insert into log values (" + std::to_string(n) + ");", "Log");
    std::vector<std::unique_ptr<Program>> programs;
    for (int i = 0; i < 4; ++i) {
      programs.push_back(std::make_unique<Program>(checkout.line(database.conninfo(), {"--once"})));
    }
    for (const auto& program : programs) {
      const Ran ran = program->wait();
      EXPECT_EQ(ran.exit_code, 0) << ran;
    }
  }
  EXPECT_EQ(database.value("select string_agg(n::text, ' ' order by n) from log"), "1 2 3");
  EXPECT_EQ(ledger(), "3/3");
}

// ---- help

TEST_F(Commands, HelpAndVersion) {
  const Ran help = run_program({RECONCILE_PROGRAM, "--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word : {"--once", "plan", "status", "history", "--database", "Exit codes"})
    EXPECT_TRUE(help.says(word)) << word << help;
  EXPECT_EQ(run_program({RECONCILE_PROGRAM, "--version"}).exit_code, 0);
}

}  // namespace
}  // namespace reconcile::test
