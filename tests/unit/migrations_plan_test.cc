#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "reconcilers/migrations/load.h"
#include "reconcilers/migrations/plan.h"

namespace reconcile::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Revision first{.commit = std::string(40, 'a'), .author = "A", .message = "first"};
const Revision second{.commit = std::string(40, 'b'), .author = "B", .message = "second"};

/// A database and a repository: applies what is planned the way the ledger would.
class MigrationsPlan : public testing::Test {
 protected:
  using Files = std::map<std::string, std::string>;

  std::vector<Migration> read(const Files& files) {
    FileTree tree;
    for (const auto& [path, text] : files) {
      tree.files.push_back({path, "blob:" + text, text});
      blobs_["blob:" + text] = text;
    }
    return load(tree).value();
  }

  MigrationPlan plan_for(const Files& files, const Revision& revision = second) {
    desired_ = read(files);
    return plan(desired_, ledger_, revision, labels_,
                [this](std::string_view blob) -> std::optional<std::string> {
                  const auto found = blobs_.find(std::string(blob));
                  if (found == blobs_.end()) return std::nullopt;
                  return found->second;
                });
  }

  /// The database has applied these files with the first revision.
  void applied(const Files& files) {
    ledger_.installed = true;
    for (const Migration& migration : read(files)) {
      ledger_.migrations.push_back(recorded(migration, first));
    }
  }

  static std::vector<std::string> texts(const MigrationPlan& plan) {
    std::vector<std::string> found;
    for (const Step& step : plan.steps) {
      found.push_back(std::string(name_of(step.action)) + " " + step.object.name);
    }
    return found;
  }

  static std::vector<std::string> adopted(const MigrationPlan& plan) {
    std::vector<std::string> files;
    for (const RecordedMigration& record : plan.adopted) files.push_back(record.file);
    return files;
  }

  static void expect_nothing(const MigrationPlan& plan) {
    EXPECT_THAT(plan.steps, IsEmpty());
    EXPECT_THAT(plan.holds, IsEmpty());
    EXPECT_THAT(plan.notes, IsEmpty());
    EXPECT_THAT(plan.adopted, IsEmpty());
  }

  LedgerState ledger_;
  TargetLabels labels_{.target = "trm-stage", .environment = "stage"};
  std::map<std::string, std::string> blobs_;
  std::vector<Migration> desired_;
};

const std::string a = "migrations/pre/001_a.sql";
const std::string b = "migrations/pre/002_b.sql";
const std::string c = "migrations/pre/003_c.sql";

TEST_F(MigrationsPlan, WhatTheGrammarCannotReadIsRunAndSaid) {
  const MigrationPlan made = plan_for(
      {{a, "select 1;\nselect fro m x y;\nselect 2;\nselect fro m x y;"}, {b, "select 1"}});
  ASSERT_THAT(made.steps, SizeIs(2));
  EXPECT_TRUE(made.steps[0].statements[1].unread);
  EXPECT_THAT(made.notes,
              ElementsAre("migrations/pre/001_a.sql:2 and 1 more: not understood by the built-in "
                          "parser (PostgreSQL 15 grammar): run as it is; hazards and transaction "
                          "control could not be checked"));
  applied({{a, "select fro m x y;"}});
  expect_nothing(plan_for({{a, "select fro m x y;"}}));
}

TEST_F(MigrationsPlan, NewFilesAreRunInOrder) {
  const MigrationPlan plan = plan_for({{b, "select 2;\nselect 3;"},
                                       {a, "select 1;"},
                                       {"migrations/post/001_p.sql", "-- nothing yet"},
                                       {"migrations/seed/001_s.sql", "select 4"}});
  EXPECT_THAT(texts(plan), ElementsAre("run pre/001_a.sql", "run pre/002_b.sql",
                                       "run post/001_p.sql", "run seed/001_s.sql"));
  const Step& step = plan.steps[1];
  EXPECT_EQ(step.stage, Stage::Pre);
  EXPECT_EQ(step.object.text(), "migration pre/002_b.sql");
  EXPECT_EQ(step.group, "migrations pre");
  EXPECT_EQ(step.detail, "2 statements");
  EXPECT_EQ(step.reason, "new in bbbbbbbbbb");
  EXPECT_EQ(step.owner.file, b);
  ASSERT_THAT(step.statements, SizeIs(2));
  EXPECT_EQ(step.statements[1].text, "select 3");
  EXPECT_EQ(step.statements[1].line, 2);
  EXPECT_EQ(plan.steps[0].detail, "1 statement");
  EXPECT_EQ(plan.steps[2].detail, "0 statements");
  EXPECT_THAT(plan.adopted, IsEmpty());
}

TEST_F(MigrationsPlan, RecordedAndUnchangedIsNothing) {
  applied({{a, "select 1;"}, {b, "select 2;"}});
  expect_nothing(plan_for({{a, "select 1;"}, {b, "select 2;"}}));
}

TEST_F(MigrationsPlan, MovedBetweenLayoutsIsNothing) {
  applied({{"db-init/001_a.sql", "select 1;"}, {"db-init-post/001_p.sql", "select 2;"}});
  expect_nothing(plan_for({{a, "select 1;"}, {"migrations/post/001_p.sql", "select 2;"}}));
}

TEST_F(MigrationsPlan, AnotherPhaseIsAnotherMigration) {
  applied({{a, "select 1;"}});
  const MigrationPlan plan =
      plan_for({{a, "select 1;"}, {"migrations/post/001_a.sql", "select 1;"}});
  EXPECT_THAT(texts(plan), ElementsAre("run post/001_a.sql"));
  EXPECT_THAT(texts(plan_for({{"migrations/post/001_a.sql", "select 2;"}})),
              ElementsAre("run post/001_a.sql"));
}

TEST_F(MigrationsPlan, CommentsMayChange) {
  applied({{a, "select 1;"}});
  const MigrationPlan plan = plan_for({{a, "-- why\r\nSELECT 1;\r\n"}});
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.holds, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre("migration pre/001_a.sql changed in whitespace or comments "
                                      "only since aaaaaaaaaa"));
  ASSERT_THAT(plan.adopted, SizeIs(1));
  EXPECT_EQ(plan.adopted[0].raw_hash, desired_[0].raw_hash);
  EXPECT_EQ(plan.adopted[0].revision, second.commit);
}

TEST_F(MigrationsPlan, AnEditIsHeldWithItsDiff) {
  applied({{a, "select 1;\nselect 2;\n"}, {b, "select 9;"}});
  const MigrationPlan plan = plan_for({{a, "select 1;\nselect 3;\n"}, {b, "select 9;"}});
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.adopted, IsEmpty());
  ASSERT_THAT(plan.holds, SizeIs(1));
  const Hold& hold = plan.holds[0];
  EXPECT_EQ(hold.code, ReasonCode::MigrationEdited);
  EXPECT_EQ(hold.object.text(), "migration pre/001_a.sql");
  EXPECT_EQ(hold.message,
            "migrations/pre/001_a.sql was applied from aaaaaaaaaa and has been edited since\n"
            "@@ -1,2 +1,2 @@\n select 1;\n-select 2;\n+select 3;");
  EXPECT_EQ(hold.next,
            "revert the edit and put the change in a new file, migrations/pre/003_….sql");
}

TEST_F(MigrationsPlan, AnEditIsHeldWithoutTheOldText) {
  applied({{a, "select 1;"}});
  blobs_.clear();
  const MigrationPlan plan = plan_for({{a, "select 2;"}});
  ASSERT_THAT(plan.holds, SizeIs(1));
  EXPECT_THAT(plan.holds[0].message, HasSubstr("not in this repository"));
}

TEST_F(MigrationsPlan, ANumberThatHasPassedIsHeld) {
  applied({{a, "select 1;"}, {c, "select 3;"}});
  const Files files{{a, "select 1;"}, {b, "select 2;"}, {c, "select 3;"}};
  const MigrationPlan plan = plan_for(files);
  EXPECT_THAT(plan.steps, IsEmpty());
  ASSERT_THAT(plan.holds, SizeIs(1));
  EXPECT_EQ(plan.holds[0].code, ReasonCode::MigrationOutOfOrder);
  EXPECT_EQ(plan.holds[0].message,
            "migrations/pre/002_b.sql is new in bbbbbbbbbb, but 003_c.sql was applied before it");
  EXPECT_THAT(plan.holds[0].next, HasSubstr("give it the number 004"));
}

TEST_F(MigrationsPlan, ANumberThatHasPassedRunsWhereItsDirectiveAllows) {
  applied({{a, "select 1;"}, {c, "select 3;"}});
  const MigrationPlan plan = plan_for(
      {{a, "select 1;"}, {b, "-- reconcile: allow out-of-order\nselect 2;"}, {c, "select 3;"}});
  EXPECT_THAT(texts(plan), ElementsAre("run pre/002_b.sql"));
  EXPECT_THAT(plan.holds, IsEmpty());
}

TEST_F(MigrationsPlan, RenamedAndEditedAtOnceIsHeld) {
  applied({{a, "select 1;"}});
  const MigrationPlan plan = plan_for({{"migrations/pre/001_z.sql", "select 2;"}});
  EXPECT_THAT(plan.steps, IsEmpty());
  ASSERT_THAT(plan.holds, SizeIs(1));
  EXPECT_EQ(plan.holds[0].code, ReasonCode::MigrationOutOfOrder);
}

TEST_F(MigrationsPlan, PhasesAreNumberedOnTheirOwn) {
  applied({{c, "select 3;"}});
  EXPECT_THAT(texts(plan_for({{c, "select 3;"}, {"migrations/post/001_p.sql", "select 1;"}})),
              ElementsAre("run post/001_p.sql"));
}

TEST_F(MigrationsPlan, GoneIsNotedAndNothingIsUndone) {
  applied({{a, "select 1;"}, {b, "select 2;"}});
  const MigrationPlan plan = plan_for({{a, "select 1;"}});
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.holds, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre("migration pre/002_b.sql, applied from aaaaaaaaaa, is not in "
                                      "bbbbbbbbbb any more; what it did stays"));
}

TEST_F(MigrationsPlan, RenamedIsTheSame) {
  applied({{a, "select 1;"}, {b, "select 2;"}});
  const Files renamed{{"migrations/pre/001_better.sql", "-- said better\nselect 1;"},
                      {b, "select 2;"}};
  const MigrationPlan plan = plan_for(renamed);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.holds, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre("migration pre/001_better.sql is 001_a.sql renamed, which "
                                      "was applied from aaaaaaaaaa"));
  EXPECT_THAT(adopted(plan), ElementsAre("migrations/pre/001_better.sql"));

  ledger_.migrations.push_back(plan.adopted.front());
  expect_nothing(plan_for(renamed));  // the old name's record says nothing any more
}

// `verify` says of SQL that comes too early: put it into migrations/post/. Where it has run
// already, in a database that had grown, it does not run again.
TEST_F(MigrationsPlan, MovedToAnotherPhaseIsTheSame) {
  applied({{a, "select 1;"}, {b, "select 2;"}});
  const Files moved{{b, "select 2;"}, {"migrations/post/001_a.sql", "select 1;"}};
  const MigrationPlan plan = plan_for(moved);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre("migration post/001_a.sql is pre/001_a.sql moved, which was "
                                      "applied from aaaaaaaaaa"));
  EXPECT_THAT(adopted(plan), ElementsAre("migrations/post/001_a.sql"));
  ledger_.migrations.push_back(plan.adopted.front());
  expect_nothing(plan_for(moved));
}

TEST_F(MigrationsPlan, AnotherNameInAnotherPhaseIsAnotherMigration) {
  applied({{a, "select 1;"}});
  EXPECT_THAT(texts(plan_for({{"migrations/post/007_other.sql", "select 1;"}})),
              ElementsAre("run post/007_other.sql"));
}

TEST_F(MigrationsPlan, TwoFilesRenamedWithTheSameContent) {
  applied({{a, "select 1;"}, {b, "select 1;"}});
  const MigrationPlan plan = plan_for({{"migrations/pre/001_x.sql", "select 1;"},
                                       {"migrations/pre/002_y.sql", "select 1;"},
                                       {"migrations/pre/003_z.sql", "select 1;"}});
  EXPECT_THAT(adopted(plan), ElementsAre("migrations/pre/001_x.sql", "migrations/pre/002_y.sql"));
  EXPECT_THAT(texts(plan), ElementsAre("run pre/003_z.sql"));
}

TEST_F(MigrationsPlan, ACopyOfARecordedFileIsNew) {
  applied({{a, "select 1;"}});
  EXPECT_THAT(texts(plan_for({{a, "select 1;"}, {b, "select 1;"}})),
              ElementsAre("run pre/002_b.sql"));
}

TEST_F(MigrationsPlan, FilesForOtherTargetsAreNotMentioned) {
  expect_nothing(plan_for({{a, "-- reconcile: only prod\nselect 1;"},
                           {b, "-- reconcile: except STAGE\nselect 2;"},
                           {c, "-- reconcile: only stage\n-- reconcile: except trm-stage\n"}}));
  EXPECT_THAT(texts(plan_for({{a, "-- reconcile: only dev, Stage\nselect 1;"},
                              {b, "-- reconcile: only trm-stage\nselect 2;"},
                              {c, "-- reconcile: except prod\nselect 3;"}})),
              SizeIs(3));
}

// The incident's database: the old runner numbered pre and post files in one folder.
TEST_F(MigrationsPlan, TheOldRunnersGuardTableIsTheBaseline) {
  ledger_.legacy = {"001_extensions.sql",
                    "002_positions_hypertable",
                    "003_faulty_column.sql",
                    "004_junction_unique_constraints.sql",
                    "005_event_participation_unique_constraints.sql",
                    "099_long_gone.sql"};
  const MigrationPlan plan =
      plan_for({{"migrations/pre/001_extensions.sql", "select 1;"},
                {"migrations/pre/002_positions_hypertable.sql", "select 2;"},
                {"migrations/pre/003_faulty_column.sql", "select 3;"},
                {"migrations/post/001_junction_unique_constraints.sql", "select 4;"},
                {"migrations/post/002_event_participation_unique_constraints.sql", "select 5;"},
                {"migrations/seed/001_rally.sql", "select 6;"}});
  EXPECT_THAT(texts(plan),
              ElementsAre("adopt pre/001_extensions.sql", "adopt pre/002_positions_hypertable.sql",
                          "adopt pre/003_faulty_column.sql",
                          "adopt post/001_junction_unique_constraints.sql",
                          "adopt post/002_event_participation_unique_constraints.sql",
                          "run seed/001_rally.sql"));
  EXPECT_EQ(plan.steps[3].detail,
            "recorded by the old runner as 004_junction_unique_constraints.sql");
  EXPECT_THAT(plan.steps[3].statements, IsEmpty());
  EXPECT_EQ(plan.steps[3].owner.file, "migrations/post/001_junction_unique_constraints.sql");
  EXPECT_THAT(plan.adopted, SizeIs(5));
  EXPECT_THAT(plan.notes, ElementsAre("recorded by the old runner and not in bbbbbbbbbb: "
                                      "099_long_gone.sql"));
}

TEST_F(MigrationsPlan, TheOldRunnerIsNotAskedOnceThereIsALedger) {
  ledger_.installed = true;
  ledger_.legacy = {"001_a.sql"};
  EXPECT_THAT(texts(plan_for({{a, "select 1;"}})), ElementsAre("run pre/001_a.sql"));
}

TEST_F(MigrationsPlan, TheOldRunnersNamesAreMatchedOnlyWhereNoOtherIsMeant) {
  ledger_.legacy = {"004_x.sql", "005_x.sql", "001_y.sql", "007_z.sql", "9.sql"};
  const MigrationPlan plan = plan_for({{"migrations/pre/001_x.sql", "select 1;"},
                                       {"migrations/pre/002_y.sql", "select 2;"},
                                       {"migrations/post/001_y.sql", "select 3;"},
                                       {"migrations/post/002_z.sql", "select 4;"},
                                       {"migrations/seed/003_z.sql", "select 5;"},
                                       {"migrations/seed/004.sql", "select 6;"}});
  EXPECT_THAT(texts(plan),
              ElementsAre("run pre/001_x.sql", "run pre/002_y.sql", "adopt post/001_y.sql",
                          "run post/002_z.sql", "run seed/003_z.sql", "run seed/004.sql"));
}

TEST_F(MigrationsPlan, AGapInWhatTheOldRunnerRanIsHeld) {
  ledger_.legacy = {"001_a.sql", "003_c.sql"};
  const MigrationPlan plan = plan_for({{a, "select 1;"}, {b, "select 2;"}, {c, "select 3;"}});
  ASSERT_THAT(plan.holds, SizeIs(1));
  EXPECT_EQ(plan.holds[0].object.name, "pre/002_b.sql");
}

}  // namespace
}  // namespace reconcile::migrations
