#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/support/pass_fixture.h"

// What git asks for reaches the database, and nothing else does.

namespace reconcile::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Pass = PassTest;

/// Objects of the steps of a JSON report: "create field clubs.name".
std::vector<std::string> steps_of(const boost::json::object& report) {
  std::vector<std::string> steps;
  for (const auto& step : report.at("steps").as_array()) {
    steps.push_back(std::string(step.at("action").as_string()) + ' ' +
                    std::string(step.at("object").as_string()));
  }
  return steps;
}

SnapshotText clubs(const std::string& note = "null") {
  SnapshotText snapshot;
  snapshot.collection("clubs").text("clubs.name", note);
  return snapshot;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The files of this repository's own service.
void copy_trm(const GitRepo& repo) {
  for (const char* folder : {"migrations", "snapshots"}) {
    fs::copy(fs::path(RECONCILE_SOURCE_DIR) / folder, repo.path() / folder,
             fs::copy_options::recursive);
  }
}

TEST_F(Pass, TrmFreshAndThenNothing) {
  copy_trm(repo);
  const std::string commit = repo.commit("TRM");
  const Ran first = once();
  ASSERT_EQ(first.exit_code, 0) << first;
  EXPECT_TRUE(first.says("applied")) << first;
  EXPECT_EQ(database.value("select count(*) from pg_constraint where contype = 'u' and "
                           "cardinality(conkey) > 1 and connamespace = 'public'::regnamespace"),
            "8");
  EXPECT_EQ(count("classes"), "17");
  EXPECT_EQ(database.value("select commit from reconcile.revision"), commit);
  EXPECT_THROW(database.execute("insert into entries (id, event_id, race_number, class_id) select "
                                "gen_random_uuid(), event_id, race_number, class_id from entries"),
               std::runtime_error);

  const std::string dump = database.dump();
  const std::string rows = ledger();
  const Ran second = once();
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_TRUE(second.says("in sync")) << second;
  EXPECT_EQ(ledger(), rows);
  EXPECT_EQ(database.dump(), dump);
}

TEST_F(Pass, TrmChangedNoteIsOneStepAndOneRow) {
  copy_trm(repo);
  repo.commit("TRM");
  ASSERT_EQ(once().exit_code, 0);
  const char* rows = "select to_jsonb(t)::text from directus_collections t order by 1";
  const Rows before = database.query(rows);
  const std::string schema = database.schema();

  std::string text = text_of(repo.path() / kSnapshot);
  text.replace(text.find("note: GPS trackers"), 18, "note: GPS devices");
  repo.commit(kSnapshot, text, "Say devices");
  const auto report = once_json();
  EXPECT_EQ(report.at("outcome"), "applied");
  EXPECT_THAT(steps_of(report), ElementsAre("change collection devices"));
  Rows after = database.query(rows);
  std::erase_if(after, [&](const auto& row) { return std::ranges::count(before, row) > 0; });
  EXPECT_THAT(after, SizeIs(1));
  EXPECT_EQ(database.schema(), schema);
}

TEST_F(Pass, NewFieldInTheMiddleTakesItsPlace) {
  apply(kSnapshot, SnapshotText().collection("clubs").text("clubs.a").text("clubs.z"));
  apply(kSnapshot,
        SnapshotText().collection("clubs").text("clubs.a").text("clubs.m").text("clubs.z"));
  EXPECT_EQ(database.value("select string_agg(field, ' ' order by id) from directus_fields"),
            "id a m z");
  EXPECT_THAT(steps_of(once_json()), IsEmpty());
}

TEST_F(Pass, NewCollectionWithARelation) {
  apply(kSnapshot, clubs());
  apply(kSnapshot, clubs().collection("members").relation("members.club", "clubs"));
  EXPECT_EQ(
      database.value("select concat(confrelid::regclass, ' ', confdeltype) from pg_constraint "
                     "where conname = 'members_club_foreign'"),
      "clubs n");
  EXPECT_EQ(database.value("select one_collection from directus_relations"), "clubs");
  EXPECT_THAT(steps_of(once_json()), IsEmpty());
}

TEST_F(Pass, ColumnsFollowTheFile) {
  const auto with = [](const std::string& schema) {
    return SnapshotText().collection("clubs").field("clubs.n", "character varying", schema);
  };
  apply(kSnapshot, with("max_length: 10, is_nullable: true, default_value: null, is_unique: false, "
                        "is_indexed: false"));
  database.execute("insert into clubs values (gen_random_uuid(), 'one')");
  apply(kSnapshot, with("max_length: 20, is_nullable: false, default_value: none, is_unique: true, "
                        "is_indexed: true"));
  EXPECT_EQ(database.value("select is_nullable || ' ' || column_default || ' ' || "
                           "character_maximum_length from information_schema.columns "
                           "where table_name = 'clubs' and column_name = 'n'"),
            "NO 'none'::character varying 20");
  EXPECT_EQ(
      database.value(
          "select string_agg(indexname, ' ' order by indexname collate \"C\") from pg_indexes "
          "where tablename = 'clubs'"),
      "clubs_n_index clubs_n_unique clubs_pkey");
  EXPECT_THAT(steps_of(once_json()), IsEmpty());
  EXPECT_EQ(count("clubs"), "1");
}

TEST_F(Pass, EqualObjectsAreAdopted) {
  apply(kSnapshot, clubs());
  database.execute("drop schema reconcile cascade");
  const std::string dump = database.dump();
  const auto report = once_json();
  EXPECT_THAT(steps_of(report), IsEmpty());
  EXPECT_EQ(report.at("outcome"), "in-sync");
  database.execute("alter schema reconcile rename to aside; drop schema aside cascade");
  EXPECT_EQ(database.dump(), dump);
}

TEST_F(Pass, MigrationsRunInTheirPhasesAndOrder) {
  const auto log = [](const std::string& word) {
    return "insert into log (word) values ('" + word + "');";
  };
  repo.write("migrations/pre/001_log.sql",
             "create table log (id serial, word text);" + log("pre 1"))
      .write("migrations/pre/010_b.sql", log("pre 10"))
      .write("migrations/pre/2_a.sql", log("pre 2"))
      .write("migrations/post/001_a.sql", "comment on table clubs is 'C';" + log("post"))
      .write("migrations/seed/001_a.sql",
             "insert into clubs values (gen_random_uuid(), 'x');" + log("seed"));
  apply(kSnapshot, clubs());
  EXPECT_EQ(database.value("select string_agg(word, ', ' order by id) from log"),
            "pre 1, pre 2, pre 10, post, seed");
  EXPECT_EQ(count("reconcile.migration"), "5");
}

TEST_F(Pass, SqlMayAddToWhatTheSnapshotMade) {
  repo.write("migrations/post/001_check.sql",
             "alter table clubs add constraint named check (name <> '');");
  apply(kSnapshot, clubs());
  EXPECT_THAT(steps_of(once_json()), IsEmpty());
  EXPECT_EQ(database.value("select count(*) from pg_constraint where conname = 'named'"), "1");
}

TEST_F(Pass, OlderLayoutIsUnderstood) {
  repo.write("db-init/001_a.sql", "create table a (n integer);")
      .write("db-init-post/001_b.sql", "comment on table clubs is 'B';");
  apply(kSnapshot, clubs());
  EXPECT_EQ(database.value("select obj_description('clubs'::regclass)"), "B");
}

TEST_F(Pass, WhitespaceAndCommentsMayChange) {
  apply("migrations/pre/001_a.sql", "create table a (n integer);");
  repo.commit("migrations/pre/001_a.sql", "-- A table.\ncreate table a (\n  n integer\n);\n",
              "Tidy");
  const Ran tidied = once();
  EXPECT_EQ(tidied.exit_code, 0) << tidied;
  EXPECT_TRUE(tidied.complains("changed in whitespace or comments only")) << tidied;
  const Ran again = once();
  EXPECT_EQ(again.exit_code, 0) << again;
  EXPECT_FALSE(again.complains("whitespace")) << again;
}

TEST_F(Pass, FilesAreForTheirTargetsOnly) {
  apply("migrations/pre/001_t.sql", "create table t (name text);");
  repo.write("migrations/pre/002_stage.sql",
             "-- reconcile: only stage\ninsert into t values ('stage');")
      .write("migrations/seed/001_test.sql",
             "-- reconcile: except prod\ninsert into t values ('test data');")
      .commit("Data");
  const Ran ran = once({"--target", "prod"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(count("t"), "0");
  EXPECT_EQ(count("reconcile.migration"), "1");

  TestDatabase stage;
  EXPECT_EQ(checkout.run(stage.conninfo(), {"--once", "--target", "stage"}).exit_code, 0);
  EXPECT_EQ(stage.value("select count(*) from t"), "2");

  TestDatabase labelled;
  EXPECT_EQ(
      checkout
          .run(labelled.conninfo(), {"--once", "--target", "one"}, {"RECONCILE_ENVIRONMENT=prod"})
          .exit_code,
      0);
  EXPECT_EQ(labelled.value("select count(*) from t"), "0");
}

TEST_F(Pass, TheOldRunnersTableIsAdopted) {
  database.execute(
      "create table migrations_applied (filename text primary key, applied_at timestamptz);"
      "insert into migrations_applied values ('001_extensions.sql'), ('004_unique.sql'), "
      "('005_more_unique.sql')");
  repo.write("migrations/pre/001_extensions.sql", "select 1 / 0;")
      .write("migrations/pre/002_new.sql", "create table made_by_new (n integer);")
      .write("migrations/post/001_unique.sql", "select 1 / 0;")
      .write("migrations/post/002_more_unique.sql", "select 1 / 0;")
      .commit("State");
  const auto report = once_json();
  EXPECT_EQ(report.at("outcome"), "applied") << report;
  EXPECT_THAT(steps_of(report),
              ElementsAre("adopt migration pre/001_extensions.sql", "run migration pre/002_new.sql",
                          "adopt migration post/001_unique.sql",
                          "adopt migration post/002_more_unique.sql"));
  EXPECT_EQ(count("reconcile.migration"), "4");
  EXPECT_EQ(count("migrations_applied"), "3");  // it is kept
  EXPECT_THAT(steps_of(once_json()), IsEmpty());
}

TEST_F(Pass, ACommitWithoutDesiredStateMovesTheLedgerOn) {
  apply(kSnapshot, clubs());
  const std::string schema = database.schema();
  const std::string commit = repo.commit("README.md", "Hello\n", "Write the README");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_TRUE(ran.says("in sync")) << ran;
  EXPECT_EQ(database.schema(), schema);
  EXPECT_EQ(database.value("select commit || ' ' || outcome || ' ' || steps from "
                           "reconcile.revision where applied order by id desc limit 1"),
            commit + " in-sync 0");
  EXPECT_EQ(ledger(), "2/2");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(ledger(), "2/2");
}

TEST_F(Pass, ARevertIsANewRevisionLikeAnyOther) {
  apply(kSnapshot, clubs("Before"));
  const std::string before =
      database.value("select note from directus_fields where field = 'name'");
  const std::string changed = apply(kSnapshot, clubs("After"));
  repo.run({"revert", "--no-edit", changed});
  const auto report = once_json();
  EXPECT_THAT(steps_of(report), ElementsAre("change field clubs.name"));
  EXPECT_EQ(database.value("select note from directus_fields where field = 'name'"), before);
}

TEST_F(Pass, UncommittedFilesAreNamedAndIgnored) {
  apply(kSnapshot, clubs());
  const std::string dump = database.dump();
  repo.write("migrations/pre/001_x.sql", "create table x ();").write(kSnapshot, clubs("Typed"));
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_THAT(ran.err, HasSubstr("not committed, and so ignored: migrations/pre/001_x.sql, "
                                 "snapshots/schema.yaml"));
  EXPECT_EQ(database.dump(), dump);
}

TEST_F(Pass, OneRevisionOfMany) {
  const std::string first = repo.commit(kSnapshot, clubs("One"), "One");
  repo.run({"tag", "v1"});
  repo.commit(kSnapshot, clubs("Two"), "Two");
  const Ran ran = once({"--revision", "v1"});
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select commit from reconcile.revision"), first);
  EXPECT_EQ(once({"--branch", "main"}).exit_code, 0);
  EXPECT_EQ(database.value("select note from directus_fields where field = 'name'"), "Two");
}

TEST_F(Pass, EachFileHasItsOwnSettings) {
  // The old runner gave each file a session of its own.
  repo.write("migrations/pre/001_a.sql",
             "create schema other; set search_path = other; create table a (n integer);")
      .write("migrations/pre/002_b.sql", "create table b (n integer);");
  apply(kSnapshot, clubs());
  EXPECT_EQ(database.value("select to_regclass('other.a') is not null and "
                           "to_regclass('public.b') is not null and "
                           "to_regclass('public.clubs') is not null"),
            "t");
}

}  // namespace
}  // namespace reconcile::test
