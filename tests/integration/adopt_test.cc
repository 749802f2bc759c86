#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/drift_cases.h"
#include "tests/support/pass_fixture.h"

// `reconcile adopt`: what somebody changed by hand becomes a commit on a branch. Once that is
// merged, nothing is run where it was found, and every other database gets the same.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string_view text_at(const boost::json::object& object, std::string_view key) {
  return object.at(key).as_string();
}

class Adopt : public PassTest {
 protected:
  void SetUp() override {
    repo.write("migrations/pre/001_telemetry.sql", one_of_everything);
    repo.commit(kSnapshot, clubs().str(), "Everything");
    for (const TestDatabase* each : {&database, &other}) {
      const Ran ran = on(*each, {"--once"});
      ASSERT_EQ(ran.exit_code, 0) << ran;
    }
  }

  /// With the keys of a column that Directus writes.
  static SnapshotText clubs(const std::string& note = "null") {
    SnapshotText text;
    text.collection("clubs").field("clubs.name", "character varying",
                                   "max_length: 255, is_nullable: true, default_value: null, "
                                   "is_unique: false, is_indexed: false",
                                   "note: " + note);
    return text;
  }

  Ran on(const TestDatabase& target, Words command) const {
    return checkout.run(target.conninfo(), std::move(command));
  }
  boost::json::object report(const TestDatabase& target, Words command) const {
    command.insert(command.end(), {"--output", "json"});
    const Ran ran = on(target, std::move(command));
    EXPECT_FALSE(ran.out.empty()) << ran;
    return ran.out.empty() ? boost::json::object() : boost::json::parse(ran.out).as_object();
  }
  /// Runs `adopt`, which has to succeed, and returns the branch it made.
  std::string adopted(Words more = {}) const {
    more.insert(more.begin(), "adopt");
    more.insert(more.end(), {"--output", "json"});
    const Ran ran = run(more);
    EXPECT_EQ(ran.exit_code, 0) << ran;
    if (ran.exit_code != 0) return "main";
    return std::string(text_at(boost::json::parse(ran.out).as_object(), "branch"));
  }
  void merge(const std::string& branch) { repo.run({"merge", "--quiet", "--ff-only", branch}); }

  /// Drift and fingerprint at once.
  std::pair<std::string, std::string> looked_at(const TestDatabase& target) const {
    const boost::json::object seen = report(target, {"drift"});
    std::string text;
    for (const auto& entry : seen.at("drift").as_array()) {
      text += entry.at("kind").as_string();
      text += ' ';
      text += entry.at("object").as_string();
      text += '\n';
    }
    return {text, std::string(text_at(seen, "fingerprint"))};
  }
  std::string drift(const TestDatabase& target) const { return looked_at(target).first; }

  /// What git owns, and nothing else where nothing has drifted.
  static std::string inventory(const TestDatabase& target) {
    return target.value(
        "select string_agg(concat(kind, ' ', name, ': ', definition), E'\\n' order by kind, name) "
        "from reconcile.inventory where definition is not null");
  }

  /// After the merge nothing is run here, and nothing has drifted any more.
  void runs_nothing_here() {
    const std::string before = looked_at(database).second;
    const boost::json::object here = report(database, {"--once"});
    EXPECT_THAT(text_at(here, "outcome"), testing::AnyOf("applied", "in-sync"))
        << boost::json::serialize(here);
    for (const auto& step : here.at("steps").as_array())
      EXPECT_EQ(step.at("action").as_string(), "adopt") << boost::json::serialize(here);
    EXPECT_EQ(looked_at(database), std::pair(std::string(), before));
  }
  /// What loses something there is held first, as any other loss is; the way out that it names lets
  /// it through.
  void becomes_the_same(const TestDatabase& target) {
    boost::json::object there = report(target, {"--once"});
    if (text_at(there, "outcome") == "held") {
      EXPECT_EQ(text_at(there, "reason"), "DestructiveChange") << boost::json::serialize(there);
      const auto& hold = there.at("holds").as_array().front().as_object();
      repo.commit(fmt::format("Meant\n\nAllow-Destructive: {}", text_at(hold, "object")));
      there = report(target, {"--once"});
    }
    EXPECT_EQ(text_at(there, "outcome"), "applied") << boost::json::serialize(there);
    EXPECT_EQ(drift(target), "");
    EXPECT_EQ(inventory(target), inventory(database));
  }
  void becomes_the_same_everywhere() {
    runs_nothing_here();
    becomes_the_same(other);
  }
  std::string file_at(const std::string& branch, const std::string& path) const {
    return repo.run({"show", branch + ":" + path});
  }

  TestDatabase other;
};

// ---- every kind of object

class AdoptKinds : public Adopt, public testing::WithParamInterface<DriftCase> {};

TEST_P(AdoptKinds, BecomesTheSameEverywhere) {
  const DriftCase& test = GetParam();
  database.execute(test.by_hand);
  if (test.name == "IndexInvalid") {  // nobody wants that everywhere
    const Ran ran = run({"adopt"});
    EXPECT_EQ(ran.exit_code, 1);
    EXPECT_THAT(ran.err, AllOf(HasSubstr(test.object + " is left out"),
                               HasSubstr("next: commit by hand what the database has")));
    return;
  }
  merge(adopted());
  becomes_the_same_everywhere();
}

INSTANTIATE_TEST_SUITE_P(All, AdoptKinds, testing::ValuesIn(drift_cases()), case_name);

// ---- several at once

// Everything that has drifted, in an order in which it can be run.
TEST_F(Adopt, AllOfItInOneFile) {
  database.execute(
      "create type public.mood as enum ('fine');"
      "create function public.next_one() returns integer language plpgsql as $$ begin /*;\nalter "
      "table x add y z;\n*/ return 1; end $$;"
      "create table public.notes (zeta text, id serial primary key, mood public.mood default "
      "'fine', number integer default public.next_one(), device bigint references "
      "telemetry.devices);"
      "create index notes_mood on public.notes (mood);"
      "create view public.note_names as select zeta from public.notes;"
      "create view public.a_view_on_a_view as select zeta from public.note_names;"
      "comment on column public.notes.zeta is E'It''s;\nalter table \\\\ all of it';"
      "alter table telemetry.devices alter column name set default 'x', add column colour text;"
      "drop view telemetry.long_names; drop index telemetry.devices_name");
  const std::string branch = adopted();
  EXPECT_THAT(branch, testing::StartsWith("reconcile/adopt-20"));
  merge(branch);
  becomes_the_same_everywhere();
  // And on a database that has nothing yet.
  const TestDatabase third;
  becomes_the_same(third);
  const std::string columns =
      "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = "
      "'notes'::regclass and attnum > 0";
  EXPECT_EQ(third.value(columns), database.value(columns));
  const Ran blamed = run({"blame", "public.notes"});
  EXPECT_THAT(blamed.out, AllOf(HasSubstr("as git made it"), HasSubstr("migrations/post/001_adopt"),
                                HasSubstr(repo.id_of("HEAD").substr(0, 10))));
  EXPECT_THAT(run({"blame", "devices.name"}).out, HasSubstr("changed  migrations/post/001_adopt"));
}

TEST_F(Adopt, TheMessageSaysWhatWasFoundWhere) {
  database.execute("create view telemetry.two as select 2 as a");
  const std::string before = repo.id_of("HEAD");
  repo.write("migrations/post/009_dirty.sql", "not committed");
  const Ran ran = run({"adopt", "two", "--message", "Reports want it"});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("unmanaged view telemetry.two"),
                             HasSubstr("reconcile/adopt-telemetry_two"), HasSubstr("merge")));
  EXPECT_THAT(repo.run({"log", "-1", "--format=%an%n%B", "reconcile/adopt-telemetry_two"}),
              AllOf(HasSubstr("Reports want it"), HasSubstr("Adopt view telemetry.two"),
                    HasSubstr("in the database of target default"),
                    HasSubstr("- unmanaged view telemetry.two: in the database, in no commit")));
  EXPECT_EQ(repo.id_of("reconcile/adopt-telemetry_two~1"), before);
  // Branch, index and working tree are as they were.
  EXPECT_EQ(repo.id_of("HEAD"), before);
  EXPECT_EQ(repo.run({"status", "--porcelain"}), "?? migrations/post/");
}

TEST_F(Adopt, OnlyWhatIsNamed) {
  database.execute(
      "create view telemetry.two as select 2 as a; create view telemetry.three as select 3 as a");
  merge(adopted({"view telemetry.two"}));
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(drift(database), "unmanaged view telemetry.three\n");
  const Ran unknown = run({"adopt", "telemetry.devices"});
  EXPECT_EQ(unknown.exit_code, 64);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("telemetry.devices: it has not drifted"),
                                 HasSubstr("what has: view telemetry.three")));
}

TEST_F(Adopt, NothingToAdopt) {
  const Ran ran = run({"adopt"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("nothing has drifted"));
}

TEST_F(Adopt, ADryRunShowsTheFilesAndWritesNothing) {
  database.execute("create view telemetry.two as select 2 as a");
  database.execute("update directus_fields set note = 'x' where field = 'name'");
  const Ran ran = run({"adopt", "--mode", "dry-run"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("migrations/post/001_adopt_telemetry_two.sql  (new)"),
                    HasSubstr("-- reconcile: adopts view telemetry.two "),
                    HasSubstr("create view telemetry.two as"), HasSubstr("+      note: x")));
  EXPECT_EQ(repo.run({"branch", "--format=%(refname:short)"}), "main");
}

// ---- Directus

// What somebody makes in Directus' app: a table and the rows that Directus keeps about it. And what
// its snapshot cannot say: the type before it, an index of two columns and a trigger behind it.
TEST_F(Adopt, ACollectionMadeByHand) {
  const std::string before = file_at("main", kSnapshot);
  database.execute(
      "create type public.outcome as enum ('won', 'lost');"
      "create table matches (id serial primary key, title varchar(255) not null default 'Match', "
      "outcome public.outcome, club uuid constraint matches_club_foreign references clubs on "
      "delete "
      "set null, ticket varchar(20) default null constraint matches_ticket_unique unique);"
      "create index matches_title_index on matches (title);"
      "create index matches_both on matches (title, ticket);"
      "create trigger touched before update on matches for each row execute function "
      "telemetry.touch();"
      "alter table matches add constraint titled check (title <> '');"
      "insert into directus_collections (collection, note) values ('matches', 'By hand');"
      "insert into directus_fields (collection, field, special, interface) values "
      "('matches', 'id', null, 'input'), ('matches', 'title', null, 'input'), "
      "('matches', 'outcome', null, 'select-dropdown'), ('matches', 'club', 'm2o', 'select'), "
      "('matches', 'ticket', null, 'input'), ('clubs', 'matches', 'o2m', 'list-o2m');"
      "insert into directus_relations (many_collection, many_field, one_collection, one_field) "
      "values ('matches', 'club', 'clubs', 'matches');");
  const std::string branch = adopted();
  EXPECT_THAT(repo.run({"diff", "--name-only", "main", branch}),
              testing::MatchesRegex("migrations/post/001_adopt_[a-z_]+.sql\n"
                                    "migrations/pre/002_adopt_outcome.sql\n"
                                    "snapshots/schema.yaml"));
  // Entries are added to the snapshot (relations were []), and not a byte of the others is changed.
  EXPECT_THAT(repo.run({"diff", "main", branch, "--", kSnapshot}),
              Not(testing::ContainsRegex("\n-[^-r]")));
  merge(branch);
  becomes_the_same_everywhere();
  const TestDatabase third;
  becomes_the_same(third);
}

TEST_F(Adopt, AFieldMadeByHand) {
  database.execute(
      "alter table clubs add column city varchar(100) default null; create index clubs_city_index "
      "on clubs "
      "(city);"
      "insert into directus_fields (collection, field, interface, note) values ('clubs', 'city', "
      "'input', 'where')");
  EXPECT_EQ(drift(database), "unmanaged field clubs.city\n");
  merge(adopted({"clubs.city"}));
  becomes_the_same_everywhere();
}

// Directus' app changes the column and what it keeps about it.
TEST_F(Adopt, AFieldChangedByHand) {
  database.execute(
      "alter table clubs alter column name type varchar(500), alter column name set default 'x', "
      "alter column name set not null, add constraint clubs_name_unique unique (name);"
      "create index clubs_name_index on clubs (name);"
      "update directus_fields set note = 'full name' where field = 'name'");
  merge(adopted());
  becomes_the_same_everywhere();
  EXPECT_THAT(run({"blame", "field clubs.name"}).out,
              AllOf(HasSubstr("as git made it"), HasSubstr("changed  snapshots/schema.yaml")));
}

TEST_F(Adopt, ACollectionLostByHand) {
  repo.commit("migrations/post/001_clubs.sql",
              "create index clubs_lower on clubs (lower(name));\n"
              "comment on table clubs is 'Where people meet';",
              "Clubs");
  for (const TestDatabase* each : {&database, &other})
    ASSERT_EQ(on(*each, {"--once"}).exit_code, 0);
  database.execute(
      "drop table clubs; delete from directus_fields where collection = 'clubs'; delete from "
      "directus_collections where collection = 'clubs'");
  EXPECT_THAT(drift(database), HasSubstr("missing collection clubs\n"));
  merge(adopted({"collection clubs"}));
  becomes_the_same_everywhere();
}

// ---- branches and repositories

TEST_F(Adopt, ABranchThatExistsIsLeftAlone) {
  database.execute("create view telemetry.two as select 2 as a");
  const std::string branch = adopted({"two"});
  const std::string tip = repo.id_of(branch);
  const Ran again = run({"adopt", "two"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, AllOf(HasSubstr("it exists already"), HasSubstr("--new-branch")));
  EXPECT_EQ(repo.id_of(branch), tip);
  // The ways out that the message names.
  EXPECT_EQ(adopted({"two", "--new-branch", "mine"}), "mine");
  repo.run({"branch", "-D", branch});
  EXPECT_EQ(adopted({"two"}), branch);
  EXPECT_THAT(run({"adopt", "--new-branch", "no..way"}).err, HasSubstr("git does not allow"));
}

TEST_F(Adopt, IntoABareRepository) {
  const TempFolder folder;
  const std::string bare = folder.path() / "bare.git";
  run_git(folder.path(), {"clone", "--quiet", "--bare", repo.path(), bare});
  database.execute("create view telemetry.two as select 2 as a");
  const Ran ran = run_program({RECONCILE_PROGRAM, "adopt", "two", "--repo", bare, "--state",
                               checkout.state.path(), "--database", database.conninfo()},
                              {}, folder.path());
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(run_git(bare, {"log", "-1", "--format=%s", "reconcile/adopt-telemetry_two"}),
              HasSubstr("Adopt view telemetry.two from default"));
}

// The branch is ahead of the database: the change has to fit what is there by now.
TEST_F(Adopt, BuildsOnTheNewestCommit) {
  database.execute(
      "create view telemetry.two as select 2 as a;"
      "update directus_fields set note = 'by hand' where field = 'name'");
  repo.write("migrations/post/041_view.sql", "create view telemetry.forty_one as select 41 as a;");
  repo.commit(kSnapshot, clubs().text("clubs.city").str(), "City");
  const Ran ran = run({"adopt"});
  ASSERT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("the branch has"));
  EXPECT_THAT(ran.out, HasSubstr("migrations/post/042_adopt_telemetry_two.sql (new)"));
  const std::string branch =
      repo.run({"branch", "--list", "--format=%(refname:short)", "reconcile/*"});
  merge(branch);
  const Ran applied = once();
  EXPECT_EQ(applied.exit_code, 0) << applied;
  EXPECT_EQ(drift(database), "");
  becomes_the_same(other);
}

TEST_F(Adopt, WhatGitHasChangedSinceIsNotOverwritten) {
  database.execute("update directus_fields set note = 'by hand' where field = 'name'");
  repo.commit(kSnapshot, clubs("by git").str(), "Note");
  const Ran ran = run({"adopt"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("field clubs.name: it has changed in git since"),
                             HasSubstr("reconcile --once")));
}

// ---- other databases

TEST_F(Adopt, SomeOfItElsewhereIsAConflict) {
  database.execute(
      "create view telemetry.two as select 2 as a; create view telemetry.three as select 3 as a");
  other.execute("create view telemetry.two as select 2 as a");
  merge(adopted());
  const Ran held = on(other, {"--once"});
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_THAT(held.err, AllOf(HasSubstr("Conflict"),
                              HasSubstr("view telemetry.two is, view telemetry.three is not")));
  EXPECT_EQ(other.value("select to_regclass('telemetry.three') is null"), "t");
  // The way out that the message names, either of the two.
  const std::string made = "create view telemetry.three as select 3 as a";
  other.execute(made);
  EXPECT_EQ(on(other, {"plan"}).exit_code, 2);
  other.execute("drop view telemetry.three, telemetry.two");
  becomes_the_same_everywhere();
}

TEST_F(Adopt, SomethingElseElsewhereIsAConflict) {
  database.execute("alter table telemetry.devices alter column name set default 'x'");
  other.execute("alter table telemetry.devices alter column name set default 'y'");
  merge(adopted());
  const Ran held = on(other, {"--once"});
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_THAT(held.err, AllOf(HasSubstr("Conflict"),
                              HasSubstr("column telemetry.devices.name is here neither "
                                        "as it says nor as git made it")));
  other.execute("alter table telemetry.devices alter column name set default 'unnamed'");
  becomes_the_same_everywhere();
}

// Rows of another database are lost only where a person has said so there.
TEST_F(Adopt, ALossElsewhereIsHeldThere) {
  other.execute("insert into telemetry.devices (battery) values (5)");
  database.execute("alter table telemetry.devices drop column level cascade");
  merge(adopted());
  runs_nothing_here();
  const Ran held = on(other, {"--once"});
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, HasSubstr("DestructiveChange"));
  EXPECT_EQ(other.value("select count(level) + 1 from telemetry.devices"), "1");
}

// A drift that the target would hold or heal is git's wish now.
TEST_F(Adopt, WhatGitSaysNowIsNoDriftForTheHold) {
  database.execute("drop index telemetry.devices_name");
  merge(adopted());
  const std::string config = checkout.state.path() / "reconcile.yaml";
  std::ofstream(config) << "targets:\n  default:\n    drift: hold\n";
  const Ran ran = run({"--once", "--config", config});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(drift(database), "");
}

// Names are whatever somebody typed.
TEST_F(Adopt, OddNames) {
  database.execute(
      "create schema \"we.ird\";"
      "create table \"we.ird\".\"a \"\"b\"\" -- c\" (\"x;\ny\" integer primary key, \"é\" text);"
      "create view \"we.ird\".\"reconcile: only prod\nadopts\" as select 1 as \"select\";"
      "create view \"we.ird\".\"back\\slash n\\n\" as select 1 as a;"
      "comment on table \"we.ird\".\"a \"\"b\"\" -- c\" is E'two\nlines'");
  merge(adopted());
  becomes_the_same_everywhere();
}

// A statement that a reviewer adds would be forgotten where the rest is there already: it is
// refused nowhere, so the file says it.
TEST_F(Adopt, TheFileSaysWhatItIs) {
  database.execute("create view telemetry.two as select 2 as a");
  const std::string text = file_at(adopted(), "migrations/post/001_adopt_telemetry_two.sql");
  EXPECT_THAT(text, AllOf(HasSubstr("nothing of this file is run"),
                          testing::ContainsRegex("adopts view telemetry.two [0-9a-f]+\n"),
                          HasSubstr("-- unmanaged view telemetry.two: in the database")));
}

}  // namespace
}  // namespace reconcile::test
