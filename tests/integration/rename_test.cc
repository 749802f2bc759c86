#include <gmock/gmock.h>

#include "tests/support/pass_fixture.h"

// A new name in git is drop plus create to any differ. Here the author says so, and the data stays.

namespace reconcile::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Renames : public PassTest {
 protected:
  static SnapshotText clubs(const std::string& clubs, const std::string& name) {
    SnapshotText snapshot;
    snapshot.collection(clubs)
        .text(clubs + "." + name)
        .field(clubs + ".code", "character varying",
               "max_length: 255, is_nullable: true, is_unique: true")
        .field(clubs + ".city", "text", "is_nullable: true, is_indexed: true")
        .collection("members")
        .relation("members.club", clubs);
    return snapshot;
  }
  void fill() const {
    database.execute(
        "insert into clubs (id, name, code) select gen_random_uuid(), 'c' || n, n::text "
        "from generate_series(1, 3) n;"
        "insert into members (id, club) select gen_random_uuid(), id from clubs;"
        "insert into directus_policies (id, name) values (gen_random_uuid(), 'p');"
        "insert into directus_presets (collection) values ('clubs');"
        "insert into directus_permissions (collection, action, fields, policy) "
        "select 'clubs', 'read', 'id,name,code', id from directus_policies limit 1");
  }
  /// What the same file makes of a database that never knew the old name.
  static std::string fresh(const SnapshotText& snapshot) {
    Checkout checkout;
    const TestDatabase database;
    checkout.repo.commit(kSnapshot, snapshot, "State");
    const Ran ran = checkout.run(database.conninfo(), {"--once"});
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return database.schema();
  }
};

TEST_F(Renames, AFieldKeepsItsColumn) {
  apply(kSnapshot, clubs("clubs", "name"));
  fill();
  repo.commit(kSnapshot, clubs("clubs", "title"), "Titles");
  const Ran held = once();
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, AllOf(HasSubstr("3 rows at stake"),
                              HasSubstr("`Rename: field clubs.name to clubs.title`")));
  repo.commit("Yes\n\nRename: field clubs.name to clubs.title\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select string_agg(title, ',' order by title) from clubs"), "c1,c2,c3");
  EXPECT_EQ(database.value("select count(*) from directus_fields where field = 'name'"), "0");
  EXPECT_THAT(once().out, HasSubstr("in sync"));
}

TEST_F(Renames, ACollectionKeepsItsRowsAndWhatNamesIt) {
  apply(kSnapshot, clubs("clubs", "name"));
  fill();
  const SnapshotText teams = clubs("teams", "name");
  repo.commit(kSnapshot, teams, "Teams\n\nRename: collection clubs to teams\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(count("teams"), "3");
  EXPECT_EQ(database.value("select count(*) from members join teams on teams.id = club"), "3");
  EXPECT_EQ(database.value("select collection from directus_presets"), "teams");
  EXPECT_THAT(once().out, HasSubstr("in sync"));
  // Constraints and indexes have the names they would have had from the beginning.
  EXPECT_EQ(database.schema(), fresh(teams));
}

TEST_F(Renames, ACollectionTogetherWithAField) {
  apply(kSnapshot, clubs("clubs", "name"));
  fill();
  repo.commit(
      kSnapshot, clubs("teams", "title"),
      "Teams\n\nRename: collection clubs to teams\nRename: field clubs.name to teams.title\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.value("select string_agg(title, ',' order by title) from teams"), "c1,c2,c3");
}

// Found by a random edit: the constraint was dropped under the name it had had before the renaming.
TEST_F(Renames, AUniqueFieldThatIsNoLongerUnique) {
  apply(kSnapshot, clubs("clubs", "name"));
  fill();
  SnapshotText shorter;
  shorter.collection("clubs")
      .text("clubs.name")
      .field("clubs.sign", "character varying",
             "max_length: 255, is_nullable: true, is_unique: false")
      .field("clubs.city", "text", "is_nullable: true, is_indexed: true")
      .collection("members")
      .relation("members.club", "clubs");
  repo.commit(kSnapshot, shorter, "Signs\n\nRename: field clubs.code to clubs.sign\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(database.schema(), fresh(shorter));
  EXPECT_EQ(database.value("select string_agg(sign, ',' order by sign) from clubs"), "1,2,3");
}

TEST_F(Renames, WhatTheLineDoesNotNameIsStillHeld) {
  apply(kSnapshot, clubs("clubs", "name"));
  fill();
  repo.commit(kSnapshot, clubs("teams", "title"), "Teams\n\nRename: collection clubs to teams\n");
  const Ran ran = once();
  EXPECT_EQ(ran.exit_code, 3) << ran;
  EXPECT_THAT(ran.err, HasSubstr("field teams.name"));
  EXPECT_EQ(count("clubs"), "3");
}

}  // namespace
}  // namespace reconcile::test
