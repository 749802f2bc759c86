#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/policy/continuity.h"
#include "reconcilers/policy/destructive_guard.h"
#include "reconcilers/policy/hazard_levels.h"

namespace reconcile::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string base(40, 'b');
const Revision candidate{
    .commit = std::string(40, 'c'), .author = "A", .message = "Subject\n\nBody"};

TEST(Continuity, OnlyADescendantGoesOn) {
  const std::pair<Ancestry, std::optional<ReasonCode>> table[] = {
      {Ancestry::Same, std::nullopt},
      {Ancestry::Descendant, std::nullopt},
      {Ancestry::Older, ReasonCode::StaleRevision},
      {Ancestry::Diverged, ReasonCode::DivergedRevision},
      {Ancestry::Unproven, ReasonCode::UnprovenRevision}};
  for (const auto& [ancestry, expected] : table) {
    const auto hold = continuity(ancestry, base, candidate);
    ASSERT_EQ(hold.has_value(), expected.has_value()) << static_cast<int>(ancestry);
    if (!hold) continue;
    EXPECT_EQ(hold->code, *expected);
    EXPECT_EQ(hold->object.text(), "revision cccccccccc");
    EXPECT_THAT(hold->message, HasSubstr("bbbbbbbbbb"));
    EXPECT_THAT(hold->message, HasSubstr("cccccccccc"));
    EXPECT_NE(hold->next, "");
  }
}

TEST(Continuity, WhatWasRolledBackStaysAway) {
  const std::string newest(40, 'd');
  const std::pair<Ancestry, std::optional<ReasonCode>> table[] = {
      {Ancestry::Descendant, std::nullopt},
      {Ancestry::Same, ReasonCode::StaleRevision},
      {Ancestry::Older, ReasonCode::StaleRevision},
      {Ancestry::Diverged, ReasonCode::DivergedRevision},
      {Ancestry::Unproven, ReasonCode::UnprovenRevision}};
  for (const auto& [ancestry, expected] : table) {
    const auto hold = after_rollback(ancestry, {newest, base, "ann@host at noon"}, candidate);
    ASSERT_EQ(hold.has_value(), expected.has_value()) << static_cast<int>(ancestry);
    if (!hold) continue;
    EXPECT_EQ(hold->code, *expected);
    EXPECT_THAT(hold->message,
                HasSubstr("rolled back from dddddddddd to bbbbbbbbbb by ann@host at noon"));
    EXPECT_THAT(hold->next, HasSubstr("dddddddddd"));
  }
}

TEST(Continuity, ARollbackGoesBack) {
  const std::pair<Ancestry, std::optional<ReasonCode>> table[] = {
      {Ancestry::Same, std::nullopt},
      {Ancestry::Older, std::nullopt},
      {Ancestry::Descendant, ReasonCode::DivergedRevision},
      {Ancestry::Diverged, ReasonCode::DivergedRevision},
      {Ancestry::Unproven, ReasonCode::UnprovenRevision}};
  for (const auto& [ancestry, expected] : table) {
    const auto hold = rollback_target(ancestry, base, candidate);
    ASSERT_EQ(hold.has_value(), expected.has_value()) << static_cast<int>(ancestry);
    if (!hold) continue;
    EXPECT_EQ(hold->code, *expected);
    EXPECT_NE(hold->next, "");
  }
}

TEST(Continuity, ADatabaseBelongsToOneRepository) {
  using Roots = std::vector<std::string>;
  struct Case {
    Roots recorded, found;
    bool same;
  };
  const Case cases[] = {{{}, {}, true},
                        {{}, {"r1"}, true},
                        {{"r1"}, {"r1"}, true},
                        {{"r1"}, {"r2"}, false},
                        {{"r1"}, {}, false},
                        {{"r1"}, {"r0", "r1"}, true},
                        {{"r1", "r2"}, {"r2"}, true},
                        {{"r1", "r2"}, {"r3", "r4"}, false}};
  for (const Case& c : cases) {
    const auto hold = same_repository(c.recorded, c.found, candidate);
    EXPECT_EQ(!hold, c.same);
    if (!hold) continue;
    EXPECT_EQ(hold->code, ReasonCode::UnprovenRevision);
    EXPECT_THAT(c.found.empty() ? hold->next : hold->message,
                HasSubstr(c.found.empty() ? "--unshallow" : "r1"));
    EXPECT_NE(hold->next, "");
  }
}

std::vector<std::string> destructive(const std::string& message) {
  const Revision commits[] = {{.commit = "c", .author = "A", .message = message}};
  const Allowances allowed = allowances(commits);
  return {allowed.destructive.begin(), allowed.destructive.end()};
}

TEST(Allowances, OneObjectALineAtTheStartOfALine) {
  using Names = std::vector<std::string>;
  const std::pair<const char*, Names> cases[] = {
      {"Drop notes\n\nAllow-Destructive: field entries.notes\n", {"field entries.notes"}},
      {"Drop notes\n\nAllow-Destructive: field entries.notes", {"field entries.notes"}},
      {"S\n\nAllow-Destructive:field a.b\n", {"field a.b"}},
      {"S\n\nAllow-Destructive:   collection \t entries  \n", {"collection entries"}},
      {"S\r\n\r\nAllow-Destructive: collection entries\r\n", {"collection entries"}},
      {"S\n\nAllow-Destructive: collection a\nAllow-Destructive: field b.c\n",
       {"collection a", "field b.c"}},
      {"S\n\nAllow-Destructive: collection a\n\nMore text\nSigned-off-by: A <a@b>\n",
       {"collection a"}},
      {"S\n\nAllow-Destructive: field Ž.\"x y\"\n", {"field Ž.\"x y\""}},
      // what allows nothing
      {"", {}},
      {"S\n\nAllow-Destructive:\n", {}},
      {"S\n\nAllow-Destructive:   \n", {}},
      {"S\n\nAllow-Destructive\n", {}},
      {"S\n\nAllow-Destructive collection a\n", {}},
      {"S\n\n  Allow-Destructive: collection a\n", {}},
      {"S\n\n> Allow-Destructive: collection a\n", {}},
      {"S\n\nNever use Allow-Destructive: collection a\n", {}},
      {"S\n\nAllow-Destructive : collection a\n", {}},
      {"S\n\nallow-destructive: collection a\n", {}},
      {"S\n\nAllow-DestructiveX: collection a\n", {}},
      {"Revert \"Allow-Destructive: collection a\"\n", {}}};
  for (const auto& [message, expected] : cases)
    EXPECT_EQ(destructive(message), expected) << message;
}

TEST(Allowances, ManyCommitsAddUpAndTheTwoKindsStayApart) {
  const Revision commits[] = {
      {.commit = "2",
       .author = "A",
       .message = "S\n\nTake-Git: field a.b\nAllow-Destructive: collection c"},
      {.commit = "1",
       .author = "A",
       .message = "S\n\nAllow-Destructive: field d.e\nTake-Git: field a.b"}};
  const Allowances allowed = allowances(commits);
  EXPECT_THAT(allowed.destructive, ElementsAre("collection c", "field d.e"));
  EXPECT_THAT(allowed.take_git, ElementsAre("field a.b"));
  EXPECT_THAT(allowances({}).destructive, IsEmpty());
}

Step drop(std::string name, std::optional<std::int64_t> rows = {}) {
  Step step;
  step.action = Action::Remove;
  step.object = {"collection", std::move(name)};
  step.detail = "table dropped";
  step.reason = "no longer in git";
  step.destructive = true;
  step.rows_at_stake = rows;
  return step;
}

TEST(DestructiveGuard, HoldsWhatNoCommitAllowsByName) {
  Step harmless = drop("harmless");
  harmless.destructive = false;
  const Step steps[] = {drop("allowed", 3), drop("uncounted"), harmless, drop("one", 1),
                        drop("many", 42)};
  const auto holds =
      destructive_guard(steps, {.destructive = {"collection allowed", "field one", "many"},
                                .take_git = {"collection many"}});
  ASSERT_EQ(holds.size(), 3U);
  EXPECT_EQ(holds[0].message, "collection uncounted: table dropped; no longer in git");
  EXPECT_EQ(holds[1].message, "collection one: table dropped (1 row at stake); no longer in git");
  EXPECT_EQ(holds[2].message,
            "collection many: table dropped (42 rows at stake); no longer in git");
  for (const Hold& hold : holds) {
    EXPECT_EQ(hold.code, ReasonCode::DestructiveChange);
    EXPECT_THAT(hold.next, HasSubstr("`Allow-Destructive: " + hold.object.text() + "`"));
  }
}

TEST(DestructiveGuard, NamesAreTakenAsTheyAre) {
  for (const char* other : {"collection Entries", "collection entries2", "collection", "entries",
                            "field entries", "*"}) {
    const Step steps[] = {drop("entries")};
    EXPECT_EQ(destructive_guard(steps, {.destructive = {other}, .take_git = {}}).size(), 1U)
        << other;
  }
}

// ---- hazards

Hazard hazard(const std::string& code, const std::string& object = "table public.t", int line = 3) {
  const HazardRule& rule = *hazard_rule(code);
  Hazard hazard;
  hazard.code = code;
  hazard.category = rule.category;
  hazard.level = rule.level;
  hazard.object = object;
  hazard.reason = "does " + code;
  hazard.line = line;
  return hazard;
}

Step file_with(std::vector<Hazard> hazards) {
  Step step;
  step.stage = Stage::Pre;
  step.action = Action::Run;
  step.object = {"migration", "pre/001_a.sql"};
  step.detail = "2 statements";
  step.hazards = std::move(hazards);
  return step;
}

HazardLevel level_of(Step step, const HazardLevels& levels) {
  set_hazard_levels({&step, 1}, levels);
  return step.hazards.front().level;
}

TEST(HazardLevels, TheFileComesFirstThenTheCodeThenTheCategory) {
  const HazardLevels levels{{"rewrite", HazardLevel::Hold}, {"cluster", HazardLevel::Allow}};
  EXPECT_EQ(level_of(file_with({hazard("set-logged")}), {}), HazardLevel::Warn);
  EXPECT_EQ(level_of(file_with({hazard("set-logged")}), levels), HazardLevel::Hold);
  EXPECT_EQ(level_of(file_with({hazard("cluster")}), levels), HazardLevel::Allow);
  Step allowed = file_with({hazard("set-logged")});
  allowed.allowed_hazards = {"set-logged"};
  EXPECT_EQ(level_of(allowed, levels), HazardLevel::Allow);
}

TEST(HazardLevels, ALossOfTheSnapshotIsDecidedByItsName) {
  Step step = file_with({hazard("drop-column")});
  step.stage = Stage::Snapshot;
  EXPECT_EQ(level_of(step, {}), HazardLevel::Warn);
  EXPECT_EQ(level_of(step, {{"data-loss", HazardLevel::Hold}}), HazardLevel::Warn);
}

TEST(HazardLevels, ALossOfAFileIsDestructiveWithEachQueryOnce) {
  Step step = file_with({hazard("drop-table"), hazard("truncate"), hazard("truncate")});
  for (Hazard& each : step.hazards) each.count_sql = "select 1 /* " + each.code + " */";
  set_hazard_levels({&step, 1}, {});
  EXPECT_TRUE(step.destructive);
  EXPECT_EQ(step.count_sql, "select (select 1 /* drop-table */) + (select 1 /* truncate */)");
  EXPECT_THAT(hazardous_steps({&step, 1}), IsEmpty());
}

TEST(HazardLevels, AFileIsAllowedByItsNameOrByThoseOfAllItLoses) {
  Step step =
      file_with({hazard("drop-table", "table public.a"), hazard("truncate", "table app.b")});
  set_hazard_levels({&step, 1}, {});
  const auto holds_with = [&](std::set<std::string> names) {
    return destructive_guard({&step, 1}, {.destructive = std::move(names), .take_git = {}}).size();
  };
  EXPECT_EQ(holds_with({}), 1U);
  EXPECT_EQ(holds_with({"table public.a"}), 1U);
  EXPECT_EQ(holds_with({"table a", "table b"}), 1U);
  EXPECT_EQ(holds_with({"table a", "table app.b"}), 0U);
  EXPECT_EQ(holds_with({"migration pre/001_a.sql"}), 0U);
  const auto holds = destructive_guard({&step, 1}, {});
  EXPECT_THAT(holds.front().message, HasSubstr("line 3 does drop-table, line 3 does truncate"));
  EXPECT_THAT(holds.front().next, HasSubstr("-- reconcile: allow drop-table, truncate"));
}

TEST(HazardLevels, WhatIsNoLossHoldsUnderACodeOfItsOwn) {
  Step step = file_with({hazard("set-not-null"), hazard("do-block"), hazard("create-index")});
  set_hazard_levels({&step, 1}, {{"scan", HazardLevel::Hold}, {"opaque", HazardLevel::Hold}});
  const auto holds = hazardous_steps({&step, 1});
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds.front().code, ReasonCode::HazardousChange);
  EXPECT_EQ(name_of(holds.front().code), "HazardousChange");
  EXPECT_THAT(holds.front().message,
              testing::AllOf(HasSubstr("set-not-null (line 3)"), HasSubstr("do-block (line 3)"),
                             testing::Not(HasSubstr("create-index"))));
  EXPECT_THAT(holds.front().next, HasSubstr("-- reconcile: allow do-block, set-not-null"));
}

}  // namespace
}  // namespace reconcile::policy
