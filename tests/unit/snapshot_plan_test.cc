#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/snapshot/planner.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using namespace test;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

/// A database that has what git had, and git unchanged: each test changes one side.
Planning settled() {
  Planning planning;
  planning.base = planning.desired = clubs_and_drivers();
  planning.live = live_of(planning.base);
  return planning;
}

/// The database has drifted: somebody changed it to hold `changed` instead.
Planning drifted(const Snapshot& changed) {
  Planning planning = settled();
  planning.live = live_of(changed);
  return planning;
}

const Step& step_of(const Plan& plan, const std::string& object) {
  for (const Step& step : plan.steps) {
    if (step.object.text() == object) return step;
  }
  throw std::logic_error("no step for " + object);
}

void expect_nothing(const Plan& plan) {
  EXPECT_THAT(steps_of(plan), IsEmpty());
  EXPECT_THAT(holds_of(plan), IsEmpty());
  EXPECT_THAT(drift_of(plan), IsEmpty());
  EXPECT_THAT(plan.notes, IsEmpty());
}

TEST(SnapshotPlan, NothingToDoIsAnEmptyPlan) { expect_nothing(settled().plan()); }

TEST(SnapshotPlan, AFirstRunAdoptsWhatIsEqual) {
  Planning planning = settled();
  planning.base = Snapshot();
  expect_nothing(planning.plan());
}

TEST(SnapshotPlan, AFirstRunDeletesNothing) {
  Planning planning = settled();
  planning.base = planning.desired = Snapshot();
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), IsEmpty());
  EXPECT_THAT(drift_of(plan),
              UnorderedElementsAre("unmanaged collection clubs", "unmanaged collection drivers"));
}

TEST(SnapshotPlan, AFreshDatabaseGetsTablesThenRowsThenConstraints) {
  Planning planning = settled();
  planning.base = Snapshot();
  planning.live = empty_database();
  const Plan plan = planning.plan();
  EXPECT_THAT(
      steps_of(plan),
      ElementsAre("create collection clubs", "create collection drivers", "create field clubs.id",
                  "create field clubs.name", "create field drivers.id", "create field drivers.name",
                  "create field drivers.club", "create relation drivers.club"));
  EXPECT_THAT(
      sql_of(plan),
      ElementsAre(
          StartsWith(R"(create table public."clubs" ()"),
          StartsWith(R"(create table public."drivers" ()"),
          StartsWith("insert into public.directus_collections"),
          StartsWith("insert into public.directus_collections"),
          StartsWith("insert into public.directus_fields"),
          StartsWith("insert into public.directus_fields"),
          StartsWith("insert into public.directus_fields"),
          StartsWith("insert into public.directus_fields"),
          StartsWith("insert into public.directus_fields"),
          R"(alter table public."drivers" add constraint "drivers_club_foreign" foreign key ("club") references public."clubs" ("id") on update NO ACTION on delete SET NULL)",
          StartsWith("insert into public.directus_relations")));
  EXPECT_EQ(sql_of(plan).front(),
            "create table public.\"clubs\" (\n"
            "  \"id\" uuid not null default null constraint \"clubs_pkey\" primary key,\n"
            "  \"name\" character varying(255) default null\n)");
  EXPECT_EQ(step_of(plan, "collection clubs").detail, "table, 2 columns");
  EXPECT_EQ(step_of(plan, "field clubs.name").detail, "character varying(255)");
  for (const Step& step : plan.steps) {
    EXPECT_EQ(step.stage, Stage::Snapshot);
    EXPECT_EQ(step.owner.file, "snapshots/schema.yaml");
    EXPECT_EQ(step.reason, "new in cccccccccc");
    EXPECT_FALSE(step.destructive);
  }
}

TEST(SnapshotPlan, RowsOfOneShapeShareTheirInsert) {
  Planning planning = settled();
  planning.base = Snapshot();
  planning.live = empty_database();
  const Plan plan = planning.plan();
  const auto head = step_of(plan, "field clubs.id").statements.back().insert_head;
  ASSERT_TRUE(head);
  EXPECT_EQ(step_of(plan, "field drivers.club").statements.back().insert_head, head);
}

TEST(SnapshotPlan, ANewColumnInAnExistingTable) {
  Planning planning = settled();
  planning.desired.fields.push_back(
      field("clubs.code", "character varying",
            {{"is_unique", true}, {"is_indexed", true}, {"max_length", 8}}));
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), ElementsAre("create field clubs.code"));
  EXPECT_THAT(
      sql_of(plan),
      ElementsAre(
          R"(alter table public."clubs" add column "code" character varying(8) default null)",
          R"(alter table public."clubs" add constraint "clubs_code_unique" unique ("code"))",
          R"(create index "clubs_code_index" on public."clubs" ("code"))",
          R"(insert into public.directus_fields ("collection", "field", "note", "options", "special") values ('clubs', 'code', null, null, null))"));
}

/// How each statement that looks at every row would do it beside the table's users.
std::vector<std::string> gentle_ways(const Plan& plan) {
  std::vector<std::string> ways;
  for (const Step& step : plan.steps) {
    for (const Statement& statement : step.statements) {
      if (!statement.gentle) continue;
      std::string way = statement.gentle->inside;
      for (const Statement& each : statement.gentle->after)
        way += (way.empty() ? "" : "; then ") + each.text;
      ways.push_back(std::move(way));
    }
  }
  return ways;
}

TEST(SnapshotPlan, WhatLooksAtEveryRowHasAGentleWay) {
  Planning planning = settled();
  set(field_of(planning.desired, "clubs.name").schema, "is_nullable", false);
  set(field_of(planning.desired, "clubs.name").schema, "is_unique", true);
  set(field_of(planning.desired, "clubs.name").schema, "is_indexed", true);
  set(relation_of(planning.desired, "drivers.club").schema, "on_delete", "CASCADE");
  EXPECT_THAT(
      gentle_ways(planning.plan()),
      ElementsAre(
          R"(alter table public."clubs" drop constraint if exists "clubs_name_reconcile_not_null", )"
          R"(add constraint "clubs_name_reconcile_not_null" check ("name" is not null) not valid; )"
          R"(then alter table public."clubs" validate constraint "clubs_name_reconcile_not_null"; )"
          R"(then alter table public."clubs" alter column "name" set not null; )"
          R"(alter table public."clubs" drop constraint if exists "clubs_name_reconcile_not_null")",
          R"(create unique index concurrently "clubs_name_unique" on public."clubs" ("name"); )"
          R"(then alter table public."clubs" add constraint "clubs_name_unique" unique using index )"
          R"("clubs_name_unique")",
          R"(create index concurrently "clubs_name_index" on public."clubs" ("name"))",
          R"(alter table public."drivers" add constraint "drivers_club_foreign" foreign key )"
          R"(("club") references public."clubs" ("id") on update NO ACTION on delete CASCADE )"
          R"(not valid; then alter table public."drivers" validate constraint )"
          R"("drivers_club_foreign")"));
  // Nobody uses what is only made now.
  planning.base = Snapshot();
  planning.live = empty_database();
  EXPECT_THAT(gentle_ways(planning.plan()), IsEmpty());
}

/// Its rows all have NULL, which needs no partner.
TEST(SnapshotPlan, AForeignKeyComesWithItsColumn) {
  Planning planning = settled();
  planning.desired.fields.push_back(field("clubs.captain", "uuid"));
  planning.desired.relations.push_back(relation("clubs.captain", "drivers"));
  const Plan plan = planning.plan();
  EXPECT_THAT(sql_of(plan),
              Contains(R"(alter table public."clubs" add column "captain" uuid default null )"
                       R"(constraint "clubs_captain_foreign" references public."drivers" ("id") )"
                       R"(on update NO ACTION on delete SET NULL)"));
  EXPECT_THAT(gentle_ways(plan), IsEmpty());
  set(field_of(planning.desired, "clubs.captain").schema, "default_value", "x");
  EXPECT_THAT(gentle_ways(planning.plan()), SizeIs(1));
}

TEST(SnapshotPlan, AMetadataChangeTouchesOneRow) {
  Planning planning = settled();
  set(field_of(planning.desired, "clubs.name").meta, "note", "It's");
  set(collection_of(planning.desired, "drivers").meta, "hidden", true);
  set(relation_of(planning.desired, "drivers.club").meta, "one_field", "drivers");
  const Plan plan = planning.plan();
  EXPECT_THAT(
      sql_of(plan),
      ElementsAre(
          R"(update public.directus_collections set "hidden" = true where collection = 'drivers')",
          R"(update public.directus_fields set "note" = 'It''s' where id = 2)",
          R"(update public.directus_relations set "one_field" = 'drivers' where id = 1)"));
  EXPECT_EQ(step_of(plan, "field clubs.name").detail, R"(note: null → "It's")");
  EXPECT_EQ(step_of(plan, "field clubs.name").reason, "changed in cccccccccc");
}

TEST(SnapshotPlan, ListsAndJsonBecomeWhatTheirColumnHolds) {
  Planning planning = settled();
  set(field_of(planning.desired, "clubs.name").meta, "special", Value({"m2o", "it's"}));
  set(field_of(planning.desired, "drivers.name").meta, "options",
      Value({{"choices", boost::json::array{"a'b"}}}));
  set(field_of(planning.desired, "drivers.club").meta, "special", boost::json::array());
  EXPECT_THAT(sql_of(planning.plan()),
              UnorderedElementsAre(HasSubstr(R"(set "special" = 'm2o,it''s' where)"),
                                   HasSubstr(R"(set "options" = '{"choices":["a''b"]}' where)"),
                                   HasSubstr(R"(set "special" = '' where)")));
}

TEST(SnapshotPlan, ARemovedFieldDropsItsColumnOnce) {
  Planning planning = settled();
  remove(planning.desired.fields, "drivers.club");
  remove(planning.desired.relations, "drivers.club");
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan),
              ElementsAre("remove relation drivers.club", "remove field drivers.club"));
  EXPECT_FALSE(plan.steps[0].destructive) << "the field's removal is what a person allows";
  EXPECT_TRUE(plan.steps[1].destructive);
  EXPECT_EQ(plan.steps[1].count_sql, R"(select count("club") from public."drivers")");
  EXPECT_THAT(
      sql_of(plan),
      ElementsAre(
          "select reconcile_quarantine.remember('field', 'drivers', 'club')",
          R"(alter table public."drivers" drop constraint "drivers_club_foreign")",
          "delete from public.directus_relations where id = 1",
          "select reconcile_quarantine.take_column('drivers', 'club')",
          "delete from public.directus_fields where collection = 'drivers' and field = 'club'"));
}

TEST(SnapshotPlan, ARemovedCollectionGoesAfterWhatRefersToIt) {
  Planning planning = settled();
  remove(planning.desired.collections, "clubs");
  remove(planning.desired.fields, "clubs.id");
  remove(planning.desired.fields, "clubs.name");
  remove(planning.desired.fields, "drivers.club");
  remove(planning.desired.relations, "drivers.club");
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan),
              UnorderedElementsAre("remove relation drivers.club", "remove field drivers.club",
                                   "remove collection clubs"));
  const Step& step = step_of(plan, "collection clubs");
  EXPECT_TRUE(step.destructive);
  EXPECT_EQ(step.count_sql, R"(select count(*) from public."clubs")");
  EXPECT_EQ(step.reason, "no longer in snapshots/schema.yaml since cccccccccc");
  const auto sql = sql_of(plan);
  EXPECT_EQ(sql[1], "select reconcile_quarantine.remember('collection', 'clubs', '')");
  EXPECT_EQ(sql[2], R"(alter table public."drivers" drop constraint "drivers_club_foreign")");
  EXPECT_THAT(sql, Contains("select reconcile_quarantine.take_table('clubs')"));
  EXPECT_EQ(sql.back(), "delete from public.directus_collections where collection = 'clubs'");
  EXPECT_THAT(sql, Each(Not(HasSubstr("cascade"))));
}

TEST(SnapshotPlan, ARemovedRelationAloneIsAskedFor) {
  Planning planning = settled();
  remove(planning.desired.relations, "drivers.club");
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), ElementsAre("remove relation drivers.club"));
  EXPECT_TRUE(plan.steps[0].destructive);
  EXPECT_EQ(sql_of(plan).front(),
            "select reconcile_quarantine.remember('relation', 'drivers', 'club')");
}

TEST(SnapshotPlan, WhatGitRemovesAndTheDatabaseHasLostIsDone) {
  Planning planning = settled();
  remove(planning.desired.fields, "clubs.name");
  planning.live = live_of(planning.desired);
  expect_nothing(planning.plan());
}

TEST(SnapshotPlan, AChangedConstraintIsMadeAnew) {
  Planning planning = settled();
  set(relation_of(planning.desired, "drivers.club").schema, "on_delete", "CASCADE");
  EXPECT_THAT(sql_of(planning.plan()),
              ElementsAre(R"(alter table public."drivers" drop constraint "drivers_club_foreign")",
                          HasSubstr("on update NO ACTION on delete CASCADE")));
}

TEST(SnapshotPlan, ForeignKeyRulesAreChosenNeverPasted) {
  for (const auto& [rule, sql] :
       {std::pair<const char*, const char*>{"CASCADE", "on delete CASCADE"},
        {"RESTRICT", "on delete RESTRICT"},
        {"SET DEFAULT", "on delete SET DEFAULT"},
        {"NO ACTION", "on delete NO ACTION"},
        {"CASCADE; drop table clubs", "on delete NO ACTION"}}) {
    Planning planning = settled();
    set(relation_of(planning.desired, "drivers.club").schema, "on_delete", rule);
    EXPECT_THAT(sql_of(planning.plan()).back(), ::testing::EndsWith(sql));
  }
}

TEST(SnapshotPlan, FoldersAndTrackingHaveNoTable) {
  Planning planning = settled();
  collection_of(planning.base, "drivers").meta.reset();
  planning.live = live_of(planning.base);
  planning.desired.collections.insert(planning.desired.collections.begin(), folder("archive"));
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan),
              ElementsAre("create collection archive", "create collection drivers"));
  EXPECT_EQ(plan.steps[0].detail, "folder");
  EXPECT_EQ(plan.steps[1].detail, "tracked by Directus from now on");
  EXPECT_THAT(sql_of(plan), Each(StartsWith("insert into public.directus_collections")));
}

TEST(SnapshotPlan, UntrackedPartsAreLeftOut) {
  Planning planning = settled();
  planning.base = Snapshot();
  planning.live = empty_database();
  collection_of(planning.desired, "drivers").meta.reset();
  field_of(planning.desired, "drivers.name").meta.reset();
  relation_of(planning.desired, "drivers.club").meta.reset();
  const auto sql = sql_of(planning.plan());
  EXPECT_THAT(sql, Contains(HasSubstr(R"("name" character varying)")));
  EXPECT_THAT(sql, Not(Contains(HasSubstr("'drivers', 'name'"))));
  EXPECT_THAT(sql, Not(Contains(StartsWith("insert into public.directus_relations"))));
  EXPECT_THAT(sql, Not(Contains(HasSubstr("directus_collections (\"collection\", \"hidden\", "
                                          "\"note\", \"singleton\") values ('drivers'"))));
}

TEST(SnapshotPlan, AnAliasBecomesAColumnAndBack) {
  Planning planning = settled();
  field_of(planning.base, "drivers.name").schema.reset();
  planning.live = live_of(planning.base);
  EXPECT_THAT(
      sql_of(planning.plan()),
      ElementsAre(
          R"(alter table public."drivers" add column "name" character varying(255) default null)"));

  planning = settled();
  field_of(planning.desired, "drivers.name").schema.reset();
  const Plan back = planning.plan();
  EXPECT_THAT(steps_of(back), ElementsAre("remove field drivers.name"));
  EXPECT_TRUE(back.steps[0].destructive);
  EXPECT_THAT(sql_of(back),
              ElementsAre("select reconcile_quarantine.remember('field', 'drivers', 'name')",
                          "select reconcile_quarantine.take_column('drivers', 'name')"));
}

TEST(SnapshotPlan, AFolderThatHoldsAnotherIsMadeFirstAndRemovedLast) {
  Planning planning = settled();
  planning.desired.collections.push_back(folder("a", {{"group", "b"}}));
  planning.desired.collections.push_back(folder("b", {{"group", "c"}}));
  planning.desired.collections.push_back(folder("c", {{"group", nullptr}}));
  const auto made = sql_of(planning.plan());
  ASSERT_EQ(made.size(), 3U);
  EXPECT_THAT(made, ElementsAre(HasSubstr("'c'"), HasSubstr("'b'"), HasSubstr("'a'")));

  std::swap(planning.base, planning.desired);
  planning.live = live_of(planning.base);
  const auto removed = sql_of(planning.plan());
  EXPECT_THAT(removed, Contains(HasSubstr("directus_collections")).Times(3));
  EXPECT_THAT(removed.at(removed.size() - 3), HasSubstr("'a'"));
  EXPECT_THAT(removed.back(), HasSubstr("'c'"));
}

TEST(SnapshotPlan, AChildLeavesItsFolderBeforeTheFolderGoes) {
  Planning planning = settled();
  set(collection_of(planning.base, "clubs").meta, "group", "archive");
  planning.base.collections.push_back(folder("archive"));
  planning.live = live_of(planning.base);
  set(collection_of(planning.desired, "clubs").meta, "group", nullptr);
  const auto sql = sql_of(planning.plan());
  ASSERT_GE(sql.size(), 2U);
  EXPECT_THAT(sql.at(sql.size() - 2), StartsWith("update public.directus_collections"));
  EXPECT_THAT(sql.back(), StartsWith("delete from public.directus_collections"));
}

TEST(SnapshotPlan, OnlyAColumnThatIsRetypedCanLoseDigits) {
  Planning planning = settled();
  set(field_of(planning.desired, "clubs.name").schema, "max_length", 100);
  const Plan narrower = planning.plan();
  EXPECT_TRUE(step_of(narrower, "field clubs.name").destructive);
  EXPECT_EQ(step_of(narrower, "field clubs.name").count_sql,
            R"(select count("name") from public."clubs")");

  // Somebody widened it; git changes its default, and nothing is cut off.
  planning = settled();
  set(field_of(planning.desired, "clubs.name").schema, "default_value", "x");
  Snapshot changed = planning.base;
  set(field_of(changed, "clubs.name").schema, "max_length", 500);
  planning.live = live_of(changed);
  EXPECT_FALSE(step_of(planning.plan(), "field clubs.name").destructive);
}

// ---- conflicts ------------------------------------------------------------------------------

struct Dispute {
  const char* name;
  void (*git)(Snapshot&);
  void (*somebody)(Snapshot&);
  const char* object;
  const char* told;
};

const Dispute disputes[] = {
    {"both changed a note", [](Snapshot& s) { set(field_of(s, "clubs.name").meta, "note", "git"); },
     [](Snapshot& s) { set(field_of(s, "clubs.name").meta, "note", "hand"); }, "field clubs.name",
     R"(note: git "git", database "hand")"},
    {"both changed a column",
     [](Snapshot& s) { set(field_of(s, "clubs.name").schema, "max_length", 500); },
     [](Snapshot& s) { set(field_of(s, "clubs.name").schema, "max_length", 300); },
     "field clubs.name", "max_length: git 500, database 300"},
    {"both changed a collection",
     [](Snapshot& s) { set(collection_of(s, "clubs").meta, "note", "git"); },
     [](Snapshot& s) { set(collection_of(s, "clubs").meta, "note", "hand"); }, "collection clubs",
     "say different things"},
    {"both changed a constraint",
     [](Snapshot& s) { set(relation_of(s, "drivers.club").schema, "on_delete", "CASCADE"); },
     [](Snapshot& s) { set(relation_of(s, "drivers.club").schema, "on_delete", "RESTRICT"); },
     "relation drivers.club", "say different things"},
    {"both made a field, differently",
     [](Snapshot& s) { s.fields.push_back(field("clubs.code", "text")); },
     [](Snapshot& s) { s.fields.push_back(field("clubs.code", "character varying")); },
     "field clubs.code", "say different things"},
    {"git changes what is gone",
     [](Snapshot& s) { set(field_of(s, "drivers.name").meta, "note", "git"); },
     [](Snapshot& s) { remove(s.fields, "drivers.name"); }, "field drivers.name",
     "no longer in the database"},
    {"git removes a changed field", [](Snapshot& s) { remove(s.fields, "drivers.name"); },
     [](Snapshot& s) { set(field_of(s, "drivers.name").meta, "note", "hand"); },
     "field drivers.name", "somebody changed it"},
    {"git removes a widened column", [](Snapshot& s) { remove(s.fields, "drivers.name"); },
     [](Snapshot& s) { set(field_of(s, "drivers.name").schema, "max_length", 500); },
     "field drivers.name", "somebody changed it"},
    {"git removes a changed collection",
     [](Snapshot& s) {
       remove(s.collections, "drivers");
       std::erase_if(s.fields, [](const Field& f) { return f.collection == "drivers"; });
       s.relations.clear();
     },
     [](Snapshot& s) { set(collection_of(s, "drivers").meta, "note", "hand"); },
     "collection drivers", "somebody changed it"},
    {"git removes a collection with a column of somebody's",
     [](Snapshot& s) {
       remove(s.collections, "drivers");
       std::erase_if(s.fields, [](const Field& f) { return f.collection == "drivers"; });
       s.relations.clear();
     },
     [](Snapshot& s) { s.fields.push_back(field("drivers.phone", "text")); }, "collection drivers",
     "somebody changed it"},
    {"git removes a changed relation", [](Snapshot& s) { remove(s.relations, "drivers.club"); },
     [](Snapshot& s) { set(relation_of(s, "drivers.club").schema, "on_delete", "CASCADE"); },
     "relation drivers.club", "somebody changed it"},
};

TEST(SnapshotPlan, ConflictsAreHeldAndNamed) {
  for (const Dispute& dispute : disputes) {
    Planning planning = settled();
    dispute.git(planning.desired);
    Snapshot changed = planning.base;
    dispute.somebody(changed);
    planning.live = live_of(changed);
    const Plan plan = planning.plan();
    ASSERT_THAT(holds_of(plan), ElementsAre(std::string("Conflict ") + dispute.object))
        << dispute.name;
    EXPECT_THAT(plan.holds[0].message, HasSubstr(dispute.told)) << dispute.name;
    EXPECT_THAT(plan.holds[0].next, HasSubstr(std::string("`Take-Git: ") + dispute.object + "`"))
        << dispute.name;
    EXPECT_THAT(steps_of(plan), Not(Contains(HasSubstr(std::string(" ") + dispute.object))))
        << dispute.name;
  }
}

TEST(SnapshotPlan, TakeGitSettlesAConflictForGit) {
  for (const Dispute& dispute : disputes) {
    Planning planning = settled();
    dispute.git(planning.desired);
    Snapshot changed = planning.base;
    dispute.somebody(changed);
    planning.live = live_of(changed);
    planning.allowances.take_git = {dispute.object};
    const Plan plan = planning.plan();
    EXPECT_THAT(holds_of(plan), IsEmpty()) << dispute.name;
    EXPECT_THAT(steps_of(plan), Contains(::testing::EndsWith(dispute.object))) << dispute.name;
  }
}

TEST(SnapshotPlan, TheSameChangeOnBothSidesIsDone) {
  for (const Dispute& dispute : disputes) {
    Planning planning = settled();
    dispute.git(planning.desired);
    planning.live = live_of(planning.desired);
    expect_nothing(planning.plan());
  }
}

// ---- what git does not ask ------------------------------------------------------------------

TEST(SnapshotPlan, DriftIsReportedAndNeverTouched) {
  Snapshot changed = clubs_and_drivers();
  set(field_of(changed, "clubs.name").meta, "note", "hand");
  set(field_of(changed, "drivers.name").schema, "is_nullable", false);
  remove(changed.relations, "drivers.club");
  changed.collections.push_back(table("sponsors"));
  changed.fields.push_back(primary_key("sponsors"));
  changed.fields.push_back(field("clubs.phone", "text"));
  const Plan plan = drifted(changed).plan();
  EXPECT_THAT(steps_of(plan), IsEmpty());
  EXPECT_THAT(holds_of(plan), IsEmpty());
  EXPECT_THAT(drift_of(plan),
              UnorderedElementsAre("altered field clubs.name", "altered field drivers.name",
                                   "missing relation drivers.club", "missing relation drivers.club",
                                   "unmanaged collection sponsors", "unmanaged field clubs.phone"));
}

TEST(SnapshotPlan, ALostCollectionIsReportedWithoutItsFields) {
  Snapshot changed = clubs_and_drivers();
  remove(changed.collections, "drivers");
  std::erase_if(changed.fields, [](const Field& f) { return f.collection == "drivers"; });
  changed.relations.clear();
  const Plan plan = drifted(changed).plan();
  EXPECT_THAT(steps_of(plan), IsEmpty());
  EXPECT_THAT(drift_of(plan), Each("missing collection drivers"));
  EXPECT_FALSE(plan.drift.empty());
}

TEST(SnapshotPlan, WhatGitWantsInALostCollectionIsHeldNotForgotten) {
  Snapshot changed = clubs_and_drivers();
  remove(changed.collections, "drivers");
  std::erase_if(changed.fields, [](const Field& f) { return f.collection == "drivers"; });
  changed.relations.clear();
  Planning planning = drifted(changed);
  planning.desired.fields.push_back(field("drivers.phone", "text"));
  EXPECT_THAT(holds_of(planning.plan()), ElementsAre("Conflict field drivers.phone"));
  planning = drifted(changed);
  set(field_of(planning.desired, "drivers.name").meta, "note", "git");
  EXPECT_THAT(holds_of(planning.plan()), ElementsAre("Conflict field drivers.name"));
}

TEST(SnapshotPlan, UnmanagedObjectsSayHowToCountTheirRows) {
  Snapshot changed = clubs_and_drivers();
  changed.collections.push_back(table("sponsors"));
  changed.collections.push_back(folder("archive"));
  const Plan plan = drifted(changed).plan();
  ASSERT_EQ(plan.drift.size(), 2U);
  for (const Drift& drift : plan.drift) {
    EXPECT_EQ(drift.count_sql,
              drift.object.name == "sponsors" ? R"(select count(*) from public."sponsors")" : "");
  }
}

TEST(SnapshotPlan, UntrackedTablesAreNobodysBusiness) {
  Snapshot changed = clubs_and_drivers();
  changed.collections.push_back(table("spatial_ref_sys"));
  changed.collections.back().meta.reset();
  changed.fields.push_back(field("spatial_ref_sys.srid", "integer"));
  changed.fields.back().meta.reset();
  expect_nothing(drifted(changed).plan());
}

TEST(SnapshotPlan, AnAbsentKeyIsNeitherComparedNorReset) {
  Planning planning = settled();
  Field& name = field_of(planning.desired, "clubs.name");
  name.meta = without(*name.meta, "note");
  name.schema = without(without(*name.schema, "max_length"), "default_value");
  Snapshot changed = planning.base;
  set(field_of(changed, "clubs.name").meta, "note", "hand");
  set(field_of(changed, "clubs.name").schema, "max_length", 100);
  set(field_of(changed, "clubs.name").schema, "default_value", "x");
  planning.live = live_of(changed);
  expect_nothing(planning.plan());
}

TEST(SnapshotPlan, ColumnsThatThisDirectusDoesNotHaveAreNotedOnce) {
  Planning planning = settled();
  for (Field& entity : planning.desired.fields) set(entity.meta, "searchable", true);
  planning.desired.fields.push_back(field("clubs.code", "text", {}, {{"searchable", true}}));
  const Plan plan = planning.plan();
  EXPECT_THAT(plan.notes, ElementsAre("snapshots/schema.yaml: \"searchable\" is in 6 entries of "
                                      "the file, but this Directus has no column "
                                      "directus_fields.searchable; it is left out"));
  EXPECT_THAT(steps_of(plan), ElementsAre("create field clubs.code"));
  EXPECT_THAT(sql_of(plan), Each(Not(HasSubstr("searchable"))));
}

TEST(SnapshotPlan, ATableWithoutItsColumnsIsUnsupported) {
  Planning planning = settled();
  planning.desired.collections.push_back(table("keyless"));
  EXPECT_THAT(holds_of(planning.plan()), ElementsAre("UnsupportedSnapshot collection keyless"));
}

// ---- order ----------------------------------------------------------------------------------

TEST(SnapshotPlan, ANewFieldInTheMiddleRenumbersItsCollection) {
  Planning planning = settled();
  planning.desired.fields.insert(planning.desired.fields.begin() + 1, field("clubs.code", "text"));
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), ElementsAre("create field clubs.code", "change order clubs"));
  EXPECT_EQ(sql_of(plan).back(),
            "with wanted(field, position) as (values ('id', 1), ('code', 2), ('name', 3)), top as "
            "(select max(id) as id from public.directus_fields), "
            "moved as (update public.directus_fields t set id = top.id + wanted.position from "
            "wanted, top where t.collection = 'clubs' and t.field = "
            "wanted.field returning t.id) select "
            "pg_catalog.setval(pg_catalog.pg_get_serial_sequence('public.directus_fields', 'id'), "
            "(select max(id) "
            "from moved))");
}

TEST(SnapshotPlan, ANewFieldAtTheEndRenumbersNothing) {
  Planning planning = settled();
  planning.desired.fields.insert(planning.desired.fields.begin() + 2, field("clubs.code", "text"));
  EXPECT_THAT(steps_of(planning.plan()), ElementsAre("create field clubs.code"));
}

TEST(SnapshotPlan, FieldsThatChangePlacesInGitChangePlaces) {
  Planning planning = settled();
  std::swap(planning.desired.fields[0], planning.desired.fields[1]);
  EXPECT_THAT(steps_of(planning.plan()), ElementsAre("change order clubs"));
}

TEST(SnapshotPlan, AnOrderThatGitDidNotChangeStays) {
  Snapshot changed = clubs_and_drivers();
  std::swap(changed.fields[0], changed.fields[1]);
  expect_nothing(drifted(changed).plan());
  remove(changed.fields, "clubs.id");
  changed.fields.push_back(field("clubs.own", "text"));
  EXPECT_THAT(steps_of(drifted(changed).plan()), IsEmpty());
}

TEST(SnapshotPlan, ALostFieldDoesNotRenumberTheOthers) {
  Snapshot changed = clubs_and_drivers();
  remove(changed.fields, "clubs.id");
  EXPECT_THAT(steps_of(drifted(changed).plan()), IsEmpty());
}

TEST(SnapshotPlan, RelationsHaveAnOrderToo) {
  Planning planning = settled();
  planning.base.relations.push_back(relation("drivers.name", "clubs"));
  planning.desired = planning.base;
  planning.live = live_of(planning.base);
  std::swap(planning.desired.relations[0], planning.desired.relations[1]);
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), ElementsAre("change order of relations drivers"));
  EXPECT_THAT(
      sql_of(plan),
      ElementsAre(HasSubstr("t.many_collection = 'drivers' and t.many_field = wanted.field")));
}

// ---- hostile input --------------------------------------------------------------------------

TEST(SnapshotPlan, HostileNamesStayNames) {
  for (const std::string name : {"a\"b", "it's", "x; drop table users; --", "Žluťoučký kůň",
                                 "select", "A.B-c", "a\\b", "new\nline"}) {
    Planning planning;
    planning.desired.collections = {table(name)};
    Field own = primary_key("x");
    own.collection = name;
    own.name = name;
    planning.desired.fields = {own};
    Relation self = relation("x.y", name);
    self.collection = self.field = name;
    planning.desired.relations = {self};
    planning.live = empty_database();
    for (const std::string& sql : sql_of(planning.plan())) {
      // Outside of quotes nothing of the name is left.
      std::string bare;
      char quote = 0;
      for (std::size_t i = 0; i < sql.size(); ++i) {
        if (quote == 0 && (sql[i] == '"' || sql[i] == '\'')) {
          quote = sql[i];
        } else if (quote != 0 && sql[i] == quote) {
          if (i + 1 < sql.size() && sql[i + 1] == quote) {
            ++i;
          } else {
            quote = 0;
          }
        } else if (quote == 0) {
          bare += sql[i];
        }
      }
      EXPECT_EQ(quote, 0) << sql;
      EXPECT_THAT(bare, Not(HasSubstr("drop table users"))) << sql;
      EXPECT_THAT(bare, Not(HasSubstr("Ž"))) << sql;
    }
  }
}

TEST(SnapshotPlan, AColumnThatCannotBeExpressedIsHeld) {
  Planning planning = settled();
  planning.desired.fields.push_back(field("clubs.bad", "text); drop table clubs; --"));
  const Plan plan = planning.plan();
  EXPECT_THAT(holds_of(plan), ElementsAre("UnsupportedSnapshot field clubs.bad"));
  EXPECT_THAT(plan.holds.front().message, HasSubstr("not a PostgreSQL type"));
}

// Found while applying: the statement failed on the foreign key, and the plan had promised it.
TEST(SnapshotPlan, ACollectionThatUncommittedThingsNeedIsHeldBeforeItIsTried) {
  Planning planning = settled();
  Snapshot live = planning.base;
  live.collections.push_back(table("guests"));
  live.fields.push_back(primary_key("guests"));
  live.fields.push_back(field("guests.club", "uuid"));
  live.relations.push_back(relation("guests.club", "clubs"));
  planning.live = live_of(live);
  remove(planning.desired.collections, "clubs");
  remove(planning.desired.collections, "drivers");
  const Plan plan = planning.plan();
  EXPECT_THAT(holds_of(plan), ElementsAre("Conflict collection clubs"));
  EXPECT_THAT(plan.holds[0].message, HasSubstr("relation guests.club, which no commit has"));
}

TEST(SnapshotPlan, AFolderWithAnUncommittedCollectionIsHeld) {
  Planning planning = settled();
  planning.base.collections.push_back(folder("old"));
  Snapshot live = planning.base;
  live.collections.push_back(table("guests", {{"group", "old"}}));
  live.fields.push_back(primary_key("guests"));
  planning.live = live_of(live);
  const Plan plan = planning.plan();
  EXPECT_THAT(holds_of(plan), ElementsAre("Conflict collection old"));
  EXPECT_THAT(plan.holds[0].next, HasSubstr("commit collection guests"));
}

SystemField system_field(std::string collection, std::string name) {
  return {std::move(collection), std::move(name), attributes({{"is_indexed", true}})};
}

TEST(SnapshotPlan, AFileWithoutSystemFieldsSaysNothingAboutTheirIndexes) {
  Planning planning = settled();
  planning.base.system_fields = {system_field("directus_users", "email")};
  EXPECT_THAT(steps_of(planning.plan()), IsEmpty());
}

TEST(SnapshotPlan, ASystemFieldThisDirectusLacksIsNoted) {
  Planning planning = settled();
  planning.desired.system_fields = {system_field("directus_users", "nickname")};
  const Plan plan = planning.plan();
  EXPECT_THAT(steps_of(plan), IsEmpty());
  EXPECT_THAT(plan.notes,
              Contains(HasSubstr("directus_users.nickname: this Directus has no such field")));
}

// Directus 12 refuses more active collections than its licence covers; we write past that check.
TEST(SnapshotPlan, MoreCollectionsThanTheLicenceCoversAreHeld) {
  struct Case {
    const char* what;
    int collections;
    bool counted;  ///< by this Directus: 12 and later
    std::optional<std::uint64_t> limit;
    bool held;
  };
  const Case cases[] = {{"Directus 11 does not count", 60, false, {}, false},
                        {"as many as there may be", 25, true, {}, false},
                        {"one more", 26, true, {}, true},
                        {"a licence covers them", 60, true, 60, false},
                        {"or does not", 61, true, 60, true}};
  for (const Case& c : cases) {
    Planning planning;
    planning.live = empty_database();
    planning.collection_limit = c.limit;
    if (c.counted) {
      auto columns = planning.live.collections.columns();
      columns.push_back({"status", 25});
      planning.live.collections = TextTable(columns);
    }
    for (int i = 0; i < c.collections; ++i) {
      const std::string name = fmt::format("t{}", i);
      planning.desired.collections.push_back(table(name));
      planning.desired.fields.push_back(primary_key(name));
    }
    const Plan plan = planning.plan();
    EXPECT_EQ(plan.holds.size(), c.held ? 1U : 0U) << c.what;
    if (c.held) {
      EXPECT_THAT(plan.holds[0].message, HasSubstr(fmt::format("makes it {}", c.collections)));
      EXPECT_THAT(plan.holds[0].next, HasSubstr("directus.licensed_collections"));
    }
  }
}

}  // namespace
}  // namespace reconcile::snapshot
