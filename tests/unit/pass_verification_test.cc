#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/pass/verification.h"

namespace reconcile {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SnapshotFile clubs() {
  auto model = std::make_shared<snapshot::Snapshot>();
  model->collections.emplace_back().name = "clubs";
  snapshot::Field& city = model->fields.emplace_back();
  city.collection = "clubs";
  city.name = "city";
  return {"snapshots/schema.yaml", "blob", std::move(model)};
}

PassReport failure(Stage stage, const std::string& file, const std::string& sqlstate,
                   const std::string& why) {
  PassReport report;
  report.outcome = Failed{
      stage,
      {.where = file, .what = "failed", .why = why, .next = "mend it", .sqlstate = sqlstate}};
  return report;
}

TEST(Verification, ExplainsTheOrderOnlyWhereItIsToBlame) {
  struct Case {
    Stage stage;
    std::string file, sqlstate, why, next;
  };
  const std::string no_clubs = "relation \"clubs\" does not exist (SQLSTATE 42P01)\nmore";
  const Case cases[] = {
      {Stage::Pre, "migrations/pre/1.sql:2", "42P01", no_clubs,
       "put the SQL into migrations/post/"},
      {Stage::Pre, "db-init/1.sql:2", "42P01", no_clubs, "put the SQL into db-init-post/"},
      {Stage::Pre, "migrations/pre/1.sql:2", "42P01", "relation \"public.clubs\" does not exist",
       "collection clubs is made by snapshots/schema.yaml"},
      {Stage::Pre, "migrations/pre/1.sql:2", "42703",
       "column \"city\" of relation \"clubs\" does not exist", "made by snapshots/schema.yaml"},
      {Stage::Pre, "migrations/pre/1.sql:2", "42P01", "relation \"towns\" does not exist",
       "mend it"},
      {Stage::Post, "migrations/post/1.sql:2", "42P01", no_clubs, "mend it"},
      {Stage::Pre, "migrations/pre/1.sql:2", "23505", no_clubs, "mend it"},
      {Stage::Post, "migrations/post/1.sql:2", "42704", "role \"r\" does not exist",
       "--on-server"}};
  for (const Case& c : cases) {
    const auto found = findings_of(failure(c.stage, c.file, c.sqlstate, c.why), "here", clubs());
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found.front().where, c.file);
    EXPECT_THAT(found.front().next, HasSubstr(c.next));
    EXPECT_EQ(found.front().what.find('\n'), std::string::npos);
  }
}

TEST(Verification, EachHoldIsAFinding) {
  PassReport report;
  report.outcome = Held{{{ReasonCode::Conflict, {"field", "a.b"}, "both", "decide"},
                         {ReasonCode::MigrationEdited, {"migration", "pre/1.sql"}, "new", "undo"}}};
  const auto found = findings_of(report, "from nothing", {});
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[1].what, "MigrationEdited: new");
  EXPECT_EQ(found[1].next, "undo");
  report.outcome = Applied{};
  EXPECT_THAT(findings_of(report, "from nothing", {}), IsEmpty());
}

TEST(Verification, ASecondPassHasNothingToDo) {
  PassReport report;
  report.outcome = InSync{};
  EXPECT_THAT(findings_of_second_pass(report, "from nothing"), IsEmpty());
  report.outcome = Pending{};
  Step step;
  step.action = Action::Change;
  step.object = {"field", "clubs.name"};
  step.owner = {"snapshots/schema.yaml", 7};
  report.plan.steps.push_back(step);
  const auto found = findings_of_second_pass(report, "from nothing");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().where, "snapshots/schema.yaml:7");
  EXPECT_THAT(found.front().what, HasSubstr("change field clubs.name again"));
}

TEST(Verification, DifferencesAreNamedByTheirObject) {
  const std::vector<CatalogEntry> nothing{{{"column", "a.x"}, "text"}, {{"table", "a"}, ""}};
  EXPECT_THAT(differences(nothing, nothing, "from base"), IsEmpty());
  EXPECT_THAT(differences({}, {}, "from base"), IsEmpty());
  const std::vector<CatalogEntry> base{{{"column", "a.x"}, "bigint"}, {{"column", "a.y"}, "text"}};
  const auto found = differences(nothing, base, "from base");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].where, "column a.x");
  EXPECT_EQ(found[0].what, "from nothing `text`, from base `bigint`");
  EXPECT_EQ(found[1].where, "column a.y");
  EXPECT_EQ(found[1].what, "only from base, not from nothing: `text`");
  EXPECT_EQ(found[2].where, "table a");
  EXPECT_THAT(found[2].what, HasSubstr("only from nothing, not from base"));
}

// What differs is shown, however far behind it stands, and no character is cut in two.
TEST(Verification, LongDefinitionsAreCutAroundTheDifference) {
  std::string left;
  for (int i = 0; i < 500; ++i) left += "\u00e9";
  const std::string right = left + "R";
  left += "L";
  const auto found = differences(std::vector<CatalogEntry>{{{"function", "f()"}, left}},
                                 std::vector<CatalogEntry>{{{"function", "f()"}, right}}, "there");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found.front().what, HasSubstr("L`"));
  EXPECT_THAT(found.front().what, HasSubstr("R`"));
  EXPECT_LT(found.front().what.size(), 600U);
}

}  // namespace
}  // namespace reconcile
