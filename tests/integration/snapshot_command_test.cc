#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/support/pass_fixture.h"

// `reconcile snapshot`: the live schema as Directus would write it, beside what git has. That it is
// byte for byte what Directus writes is for tests/conformance to say; here the file it wrote
// before stands for that.

namespace reconcile::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class SnapshotCommand : public PassTest {
 protected:
  /// The command line, and `more` behind it.
  Ran snapshot(const Words& more = {}) const {
    Words command = {"snapshot"};
    command.insert(command.end(), more.begin(), more.end());
    return run(std::move(command));
  }

  /// Applies this repository's own schema.
  std::string apply_trm() {
    const std::filesystem::path root = RECONCILE_SOURCE_DIR;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(root / "migrations" / "pre")) {
      if (entry.is_regular_file())
        repo.write(std::filesystem::relative(entry.path(), root).string(), contents(entry.path()));
    }
    const std::string text = contents(root / kSnapshot);
    apply(kSnapshot, text);
    return text;
  }

  TempFolder folder;
};

TEST_F(SnapshotCommand, PrintsWhatWasAppliedByteForByte) {
  const std::string text = apply_trm();
  const std::string before = database.dump();
  const Ran printed = snapshot();
  EXPECT_EQ(printed.exit_code, 0) << printed;
  EXPECT_TRUE(printed.out == text) << "see `reconcile snapshot --check`";
  const Ran checked = snapshot({"--check"});
  EXPECT_EQ(checked.exit_code, 0) << checked;
  EXPECT_THAT(checked.out, HasSubstr("has exactly what snapshots/schema.yaml says"));
  EXPECT_EQ(database.dump(), before);
}

TEST_F(SnapshotCommand, CheckNamesWhatDiffers) {
  apply_trm();
  database.execute("create table stray (id int primary key)");
  database.execute("update directus_fields set note = 'changed' where id = 3");
  const Ran checked = snapshot({"--check"});
  EXPECT_EQ(checked.exit_code, 2) << checked;
  EXPECT_THAT(checked.out, HasSubstr("collection stray  only in the database"));
  EXPECT_THAT(checked.out, HasSubstr("+   note: changed"));
  const auto json = boost::json::parse(snapshot({"--check", "--output", "json"}).out);
  EXPECT_EQ(json.at("same"), false);
  EXPECT_EQ(json.at("differences").as_array().size(), 3U) << json;
}

TEST_F(SnapshotCommand, WritesAFileThatThePlanAgreesWith) {
  SnapshotText clubs;
  clubs.collection("clubs").text("clubs.name");
  apply(kSnapshot, clubs);
  database.execute("alter table clubs add column founded integer default 1900");
  database.execute("insert into directus_fields (collection, field) values ('clubs', 'founded')");
  const std::string file = (repo.path() / kSnapshot).string();
  EXPECT_EQ(snapshot({"--write", file}).exit_code, 0);
  repo.commit("Take what is there");
  EXPECT_EQ(snapshot({"--check"}).exit_code, 0);
  const auto plan = boost::json::parse(run({"plan", "--output", "json"}).out);
  EXPECT_TRUE(plan.at("steps").as_array().empty()) << plan;
  EXPECT_TRUE(plan.at("drift").as_array().empty()) << plan;
  const auto written = std::filesystem::last_write_time(file);
  EXPECT_THAT(snapshot({"-o", file}).out, HasSubstr("unchanged"));
  EXPECT_EQ(std::filesystem::last_write_time(file), written);
}

TEST_F(SnapshotCommand, JsonCountsForWhatItSays) {
  SnapshotText clubs;
  clubs.collection("clubs").text("clubs.name");
  apply(kSnapshot, clubs);
  const Ran printed = snapshot({"--output", "json"});
  EXPECT_EQ(printed.exit_code, 0) << printed;
  boost::json::parse(printed.out);
  repo.remove(kSnapshot);
  repo.commit("snapshots/schema.json", " " + printed.out + "\n", "In JSON");
  const Ran checked = snapshot({"--check"});
  EXPECT_EQ(checked.exit_code, 0) << checked;
  const std::filesystem::path file = folder.path() / "schema.json";
  EXPECT_EQ(snapshot({"--write", file.string()}).exit_code, 0);
  EXPECT_EQ(contents(file), printed.out);
}

TEST_F(SnapshotCommand, NeedsNoMoreThanTheRightToRead) {
  apply_trm();
  database.execute(
      "do $$ begin if not exists (select from pg_roles where rolname = 'snapshot_reader') then "
      "create role snapshot_reader login; end if; end $$");
  database.execute(
      "grant select on directus_collections, directus_fields, directus_relations, "
      "directus_migrations to snapshot_reader");
  const std::string before = database.dump();
  const Ran printed = run({"snapshot"}, {"PGOPTIONS=-c role=snapshot_reader"});
  EXPECT_EQ(printed.exit_code, 0) << printed;
  EXPECT_EQ(printed.out, snapshot().out);
  EXPECT_EQ(database.dump(), before);
}

TEST_F(SnapshotCommand, TheVersionIsTheOneNamed) {
  repo.commit("README", "x", "No snapshot");
  EXPECT_THAT(snapshot({"--directus-version", "11.6.1"}).out, HasSubstr("directus: 11.6.1\n"));
  const Ran newer = snapshot({"--directus-version", "11.17.4"});
  EXPECT_THAT(newer.out, HasSubstr("directus: 11.17.4\n"));
  EXPECT_THAT(newer.out, HasSubstr("systemFields:"));
  EXPECT_EQ(snapshot({"--directus-version", "latest"}).exit_code, 64);
}

TEST_F(SnapshotCommand, SaysWhatIsMissing) {
  repo.commit("README", "x", "No snapshot");
  const Ran none = snapshot({"--check"});
  EXPECT_EQ(none.exit_code, 1) << none;
  EXPECT_THAT(none.err, HasSubstr("has no snapshot to compare with"));
  EXPECT_EQ(snapshot({"--check", "--write", "x"}).exit_code, 64);
  const Ran nowhere = snapshot({"--write", (folder.path() / "no" / "file.yaml").string()});
  EXPECT_EQ(nowhere.exit_code, 1) << nowhere;
  const TestDatabase bare(TestServer::shared(), TestDatabase::Contents::Nothing);
  const Ran empty = checkout.run(bare.conninfo(), {"snapshot"});
  EXPECT_EQ(empty.exit_code, 1) << empty;
  EXPECT_THAT(empty.err, HasSubstr("Directus is not installed"));
  EXPECT_THAT(empty.err, Not(HasSubstr("stage")));
}

}  // namespace
}  // namespace reconcile::test
