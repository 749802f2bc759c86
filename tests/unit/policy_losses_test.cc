#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "reconcilers/policy/losses.h"

namespace reconcile::policy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Revision candidate{.commit = std::string(40, 'c'), .author = "A", .message = "Subject"};

Step take(const std::string& kind, const std::string& name, std::optional<std::int64_t> rows) {
  Step step;
  step.action = Action::Remove;
  step.object = {kind, name};
  step.detail = "dropped";
  step.reason = "no longer in git";
  step.destructive = true;
  step.table = "public.\"" + name + "\"";
  step.count_sql = "select count(*) from " + step.table;
  step.rows_at_stake = rows;
  step.statements.push_back({.text = "take " + name});
  return step;
}

/// A plan that loses these, and everything that is decided from.
struct Case {
  explicit Case(std::vector<Step> steps) {
    plan.steps = std::move(steps);
    plan.fingerprint = "print";
    seal(plan);
  }
  Approval approved() const {
    Approval approval = approval_of(plan, candidate);
    approval.actor = "ann@host";
    approval.when = "2026-11-20T10:00:00Z";
    return approval;
  }
  std::vector<Hold> judge() const {
    return policy::judge({plan, candidate, allowances, approvals, budget});
  }

  Plan plan;
  Allowances allowances;
  std::vector<Approval> approvals;
  DeletionBudget budget;
};

TEST(Losses, AnApprovalOfExactlyThisLiftsEverything) {
  Case five({take("collection", "a", 1), take("collection", "b", 2), take("collection", "c", 3),
             take("collection", "d", 4), take("collection", "e", 50'000)});
  EXPECT_EQ(five.judge().size(), 6U);
  five.approvals.push_back(five.approved());
  EXPECT_THAT(five.judge(), IsEmpty());
}

TEST(Losses, AnApprovalOfAnythingElseIsVoidAndTheHoldSaysWhy) {
  const std::pair<std::function<void(Approval&)>, const char*> changes[] = {
      {[](Approval& a) { a.revision = std::string(40, 'd'); }, "it is for commit dddddddddd"},
      {[](Approval& a) { a.plan_digest = std::string(64, 'f'); },
       "it is for the plan ffffffffffff"},
      {[](Approval& a) { a.fingerprint = "another"; }, "the schema of the database has changed"}};
  for (const auto& [change, why] : changes) {
    Case one({take("field", "a.b", 1)});
    one.approvals.push_back(one.approved());
    change(one.approvals.back());
    const auto holds = one.judge();
    ASSERT_EQ(holds.size(), 1U) << why;
    EXPECT_EQ(holds[0].code, ReasonCode::DestructiveChange);
    EXPECT_THAT(holds[0].message,
                AllOf(HasSubstr("the approval by ann@host of 2026-11-20T10:00:00Z does not count"),
                      HasSubstr(why)));
    EXPECT_THAT(holds[0].next,
                HasSubstr("`reconcile approve --plan " + one.plan.digest.substr(0, 12) + "`"));
    // An older one of the right plan still counts.
    one.approvals.push_back(one.approved());
    EXPECT_THAT(one.judge(), IsEmpty()) << why;
  }
}

TEST(Losses, MoreRowsThanWereApprovedAreHeld) {
  for (const std::optional<std::int64_t> seen : {std::optional<std::int64_t>(5), {}}) {
    Case grown({take("field", "a.b", seen)});
    grown.approvals.push_back(grown.approved());
    EXPECT_THAT(grown.judge(), IsEmpty());
    grown.plan.steps[0].rows_at_stake = 4;
    EXPECT_EQ(grown.judge().empty(), seen.has_value());
    grown.plan.steps[0].rows_at_stake = 6;
    const auto holds = grown.judge();
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0].code, ReasonCode::DestructiveChange);
    EXPECT_THAT(holds[0].message, AllOf(HasSubstr("6 rows at stake"),
                                        HasSubstr(seen ? "for 5 rows" : "none counted")));
  }
}

TEST(Losses, TheBudgetHoldsWhatCommitsAllow) {
  struct Budget {
    std::vector<Step> steps;
    DeletionBudget budget;
    std::vector<std::string> words;  ///< none: within the budget
  };
  const auto many = [](std::size_t count, std::int64_t rows) {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < count; ++i)
      steps.push_back(take("collection", std::string(1, static_cast<char>('a' + i)), rows));
    return steps;
  };
  Step metadata = take("field", "m.n", {});
  metadata.count_sql.clear();
  Step narrowed = take("field", "o.p", 20'000);
  narrowed.action = Action::Change;
  auto with_others = many(3, 1);
  with_others.push_back(metadata);
  with_others.push_back(narrowed);
  const Budget cases[] = {
      {many(3, 1), {}, {}},
      {many(5, 1), {}, {"5 tables and columns at once", "budget is 3", "collection e"}},
      {many(1, 10'000), {}, {}},
      {many(1, 10'001), {}, {"10001 rows at once", "budget is 10000"}},
      {many(2, 6'000), {}, {"12000 rows"}},
      {with_others, {}, {}},
      {many(1, 0), {.objects = 0, .rows = {}}, {"budget is 0"}},
      {many(9, 99'999), {.objects = {}, .rows = {}}, {}}};
  for (const Budget& c : cases) {
    Case all(c.steps);
    all.budget = c.budget;
    for (const Step& step : c.steps) all.allowances.destructive.insert(step.object.text());
    const auto holds = all.judge();
    ASSERT_EQ(holds.empty(), c.words.empty()) << c.steps.size();
    if (holds.empty()) continue;
    EXPECT_EQ(holds[0].code, ReasonCode::DeletionBudgetExceeded);
    for (const std::string& word : c.words) EXPECT_THAT(holds[0].message, HasSubstr(word));
    EXPECT_THAT(holds[0].next, AllOf(HasSubstr("`reconcile approve --plan "),
                                     HasSubstr("no commit message lifts this")));
    all.approvals.push_back(all.approved());
    EXPECT_THAT(all.judge(), IsEmpty());
  }
}

TEST(Losses, TheDigestOfLossesKnowsNothingElse) {
  Step harmless = take("field", "x.y", {});
  harmless.destructive = false;
  const std::vector<Step> plain{take("field", "a.b", 1)};
  const std::vector<Step> counted{take("field", "a.b", 2), harmless};
  const std::vector<Step> other{take("field", "a.c", 1)};
  EXPECT_EQ(losses_digest(plain), losses_digest(counted));
  EXPECT_NE(losses_digest(plain), losses_digest(other));
}

TEST(Losses, WhatGrewSinceItWasPlannedIsAConflict) {
  const std::vector<Step> before{take("field", "a.b", 5), take("field", "c.d", 5),
                                 take("field", "e.f", {})};
  const std::vector<Step> now{take("field", "a.b", 6), take("field", "c.d", 4),
                              take("field", "e.f", 1)};
  const auto holds = grown(before, now);
  ASSERT_EQ(holds.size(), 2U);
  EXPECT_EQ(holds[0].code, ReasonCode::Conflict);
  EXPECT_THAT(holds[0].message,
              AllOf(HasSubstr("field a.b"), HasSubstr("5 rows"), HasSubstr("6 rows")));
  EXPECT_EQ(holds[1].object.text(), "field e.f");
  EXPECT_THAT(grown(before, before), IsEmpty());
}

TEST(Losses, WhatIsMadeAnewIsRememberedFromQuarantine) {
  Step made = take("collection", "clubs", {});
  made.action = Action::Create;
  const std::vector<Step> steps{made, take("collection", "other", 1)};
  QuarantineEntry clubs;
  clubs.id = 7;
  clubs.object = {"collection", "clubs"};
  clubs.rows = 3;
  clubs.removed_by = std::string(40, 'b');
  QuarantineEntry other = clubs;
  other.object = {"collection", "other"};
  const std::vector<QuarantineEntry> kept{clubs, other};
  EXPECT_THAT(quarantine_notes(steps, kept),
              ElementsAre(AllOf(HasSubstr("collection clubs"), HasSubstr("3 rows"),
                                HasSubstr("`reconcile restore 7`"), HasSubstr("bbbbbbbbbb"))));
}

}  // namespace
}  // namespace reconcile::policy
