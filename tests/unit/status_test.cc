#include <gtest/gtest.h>

#include "reconcilers/status/target_status.h"

namespace reconcile {
namespace {

using namespace std::chrono_literals;

const WallTime noon = WallTime{} + 12h;

PassReport report(Outcome outcome) {
  PassReport made;
  made.target = "prod";
  made.revision = {.commit = std::string(40, 'b'), .author = "Mia", .message = "Larger totals"};
  made.base = std::string(40, 'a');
  made.outcome = std::move(outcome);
  return made;
}

PassReport held_by(ReasonCode code) {
  return report(Held{{{code, {"field", "entries.notes"}, "what was seen", "the way out"}}});
}

struct HeadlineCase {
  std::string name;
  PassReport report;
  Headline headline;
  std::string sentence;
};

class StandingOf : public testing::TestWithParam<HeadlineCase> {};

TEST_P(StandingOf, IsOneSentence) {
  const Standing standing = standing_of(GetParam().report);
  EXPECT_EQ(standing.headline, GetParam().headline);
  EXPECT_EQ(sentence(standing), GetParam().sentence);
}

PassReport drifted(Outcome outcome, std::size_t objects) {
  PassReport made = report(std::move(outcome));
  for (std::size_t i = 0; i < objects; ++i)
    made.plan.drift.push_back(
        {Drift::Kind::Altered, {"column", "users.c" + std::to_string(i)}, ""});
  made.plan.drift.insert(made.plan.drift.begin(), {Drift::Kind::Unmanaged, {"table", "mine"}, ""});
  return made;
}

PassReport broken(Stage stage, ErrorKind kind) {
  return report(Failed{stage,
                       {.kind = kind,
                        .where = "database trm",
                        .what = "cannot connect",
                        .why = "no route",
                        .next = "look at it"}});
}

INSTANTIATE_TEST_SUITE_P(
    Outcomes, StandingOf,
    testing::Values(
        HeadlineCase{"InSync", report(InSync{}), Headline::InSync, "in sync"},
        HeadlineCase{"Applied", report(Applied{}), Headline::InSync, "in sync"},
        HeadlineCase{"OnlyUnmanaged", drifted(InSync{}, 0), Headline::InSync, "in sync"},
        HeadlineCase{
            "Drifted", drifted(InSync{}, 3), Headline::Drifted,
            "drifted: column users.c0 is altered, and 2 more differ; next: heal it (git is "
            "right) or adopt it (the database is): reconcile drift --target prod"},
        HeadlineCase{"Skipped", report(Skipped{}), Headline::Paused, "paused: its mode is skip"},
        HeadlineCase{"Loss", held_by(ReasonCode::DestructiveChange), Headline::NeedsApproval,
                     "needs approval: what was seen; next: the way out"},
        HeadlineCase{"Conflict", held_by(ReasonCode::Conflict), Headline::Held,
                     "held: what was seen; next: the way out"},
        HeadlineCase{"Window", held_by(ReasonCode::OutsideWindow), Headline::Pending,
                     "pending: what was seen; next: the way out"},
        HeadlineCase{"Suspended", held_by(ReasonCode::Suspended), Headline::Paused,
                     "paused: what was seen; next: the way out"},
        HeadlineCase{"Unreachable", broken(Stage::Connect, ErrorKind::Transient), Headline::Unknown,
                     "unknown: database trm: cannot connect: no route; next: look at it"},
        HeadlineCase{"Refused", broken(Stage::Connect, ErrorKind::Terminal), Headline::Failed,
                     "failed: database trm: cannot connect: no route; next: look at it"},
        HeadlineCase{"BrokenOff", broken(Stage::Post, ErrorKind::Transient), Headline::Failed,
                     "failed: database trm: cannot connect: no route; next: look at it"}),
    [](const auto& test) { return test.param.name; });

TEST(Headlines, EachHasWordsOfItsOwn) {
  std::set<std::string_view> words, keys;
  for (std::size_t i = 0; i < headlines; ++i) {
    const auto headline = static_cast<Headline>(i);
    EXPECT_TRUE(words.insert(word_of(headline)).second);
    EXPECT_TRUE(keys.insert(key_of(headline)).second);
    EXPECT_FALSE(glyph_of(headline).empty());
    EXPECT_EQ(twin_of(headline).size(), 1U);
  }
}

TEST(TargetStatus, KeepsSinceWhenAsLongAsTheSentenceIsTheSame) {
  TargetStatus status = status_after({}, held_by(ReasonCode::Conflict), noon);
  EXPECT_EQ(status.since, noon);
  status = status_after(status, held_by(ReasonCode::Conflict), noon + 1h);
  EXPECT_EQ(status.since, noon);
  EXPECT_EQ(status.checked, noon + 1h);
  status = status_after(status, report(InSync{}), noon + 2h);
  EXPECT_EQ(status.since, noon + 2h);
  EXPECT_EQ(status.report, nullptr) << "nothing is kept of a target that is in sync";
}

TEST(TargetStatus, IsAtTheNewRevisionOnlyOnceThatIsLive) {
  TargetStatus status = status_after({}, held_by(ReasonCode::Conflict), noon);
  EXPECT_EQ(status.database, std::string(40, 'a'));
  EXPECT_EQ(status.git.commit, std::string(40, 'b'));
  status = status_after(status, report(Applied{}), noon);
  EXPECT_EQ(status.database, std::string(40, 'b'));
}

// A database that cannot be reached for a moment has not lost its revision or its drift.
TEST(TargetStatus, RemembersWhatAFailedLookDidNotSee) {
  TargetStatus status = status_after({}, drifted(InSync{}, 2), noon);
  PassReport lost = broken(Stage::Connect, ErrorKind::Transient);
  lost.base.reset();
  lost.revision = {};
  status = status_after(status, lost, noon + 1min);
  EXPECT_EQ(status.drifted, 2U);
  EXPECT_EQ(status.unmanaged, 1U);
  EXPECT_EQ(status.database, std::string(40, 'b'));
  EXPECT_EQ(status.git.commit, std::string(40, 'b'));
  EXPECT_EQ(status.failures, 1);
  EXPECT_EQ(status.standing.headline, Headline::Unknown);
}

// Nobody is told that nothing has drifted because the database or a commit cannot be read.
TEST(TargetStatus, KeepsTheDriftOfTheLastComparison) {
  PassReport looked = drifted(InSync{}, 2);
  looked.differences.resize(1);
  const TargetStatus before = status_after({}, looked, noon);
  EXPECT_EQ(before.compared, noon);
  PassReport unread = broken(Stage::Load, ErrorKind::Terminal);
  ASSERT_TRUE(unread.base) << "the ledger was read, and says nothing of drift";
  TargetStatus after = status_after(before, unread, noon + 1h);
  EXPECT_EQ(after.drifted, 2U);
  EXPECT_EQ(after.compared, noon);
  EXPECT_EQ(after.checked, noon + 1h);
  ASSERT_TRUE(after.report);
  EXPECT_EQ(after.report->plan.drift.size(), 3U);
  EXPECT_EQ(after.report->differences.size(), 1U);
  after = status_after(after, report(InSync{}), noon + 2h);
  EXPECT_EQ(after.drifted, 0U);
  EXPECT_EQ(after.compared, noon + 2h);
}

TEST(TargetStatus, APlanHasCompared) {
  PassReport planned = held_by(ReasonCode::DestructiveChange);
  planned.plan.digest = std::string(64, '7');
  EXPECT_EQ(status_after({}, planned, noon).compared, noon);
  EXPECT_EQ(status_after({}, held_by(ReasonCode::StaleRevision), noon).compared, WallTime{});
}

TEST(TargetStatus, ListsTheWorstFirst) {
  std::vector<TargetStatus> all(3);
  all[0].target = "b";
  all[0].standing.headline = Headline::InSync;
  all[1].target = "a";
  all[1].standing.headline = Headline::InSync;
  all[2].target = "z";
  all[2].standing.headline = Headline::Failed;
  std::ranges::sort(all, worse_first);
  EXPECT_EQ(all[0].target + all[1].target + all[2].target, "zab");
}

// ---- without git

Standing no_answer() {
  return git_is_away({.kind = ErrorKind::Transient,
                      .where = "git.example.org",
                      .what = "cannot fetch",
                      .why = "refused",
                      .next = "look whether it runs"},
                     noon);
}

struct AwayCase {
  std::string name;
  PassReport report;
  bool hidden;
};

class WithoutGit : public testing::TestWithParam<AwayCase> {};

TEST_P(WithoutGit, NothingLooksAsIfAllWereWell) {
  const TargetStatus before = status_after({}, GetParam().report, noon);
  EXPECT_FALSE(before.without_git);
  const TargetStatus after = without_git(before, before, no_answer(), noon + 1h);
  EXPECT_EQ(after.without_git, GetParam().hidden);
  EXPECT_EQ(after.standing, GetParam().hidden ? no_answer() : before.standing);
  EXPECT_EQ(after.since, GetParam().hidden ? noon + 1h : noon);
  EXPECT_NE(after.standing.headline, Headline::InSync);
  const TargetStatus next = status_after(after, GetParam().report, noon + 2h);
  EXPECT_FALSE(next.without_git) << "until it is said again";
  EXPECT_EQ(without_git(next, after, no_answer(), noon + 2h).since, after.since);
}

INSTANTIATE_TEST_SUITE_P(
    Outcomes, WithoutGit,
    testing::Values(AwayCase{"InSync", report(InSync{}), true},
                    AwayCase{"Waiting", held_by(ReasonCode::OutsideWindow), true},
                    AwayCase{"NothingFetchedYet", broken(Stage::Fetch, ErrorKind::Transient), true},
                    AwayCase{"Drifted", drifted(InSync{}, 1), false},
                    AwayCase{"Loss", held_by(ReasonCode::DestructiveChange), false},
                    AwayCase{"Skipped", report(Skipped{}), false},
                    AwayCase{"DatabaseAway", broken(Stage::Connect, ErrorKind::Transient), false},
                    AwayCase{"BrokenOff", broken(Stage::Post, ErrorKind::Terminal), false}),
    [](const auto& test) { return test.param.name; });

TEST(AMomentWithoutGit, HidesNothing) {
  const TargetStatus well = status_after({}, report(InSync{}), noon);
  EXPECT_EQ(without_git(well, well, std::nullopt, noon).standing, well.standing);
  EXPECT_FALSE(without_git(well, well, std::nullopt, noon).without_git);
  const TargetStatus never = status_after({}, broken(Stage::Fetch, ErrorKind::Transient), noon);
  EXPECT_TRUE(without_git(never, never, std::nullopt, noon).without_git)
      << "it will be told for all of them, once it has lasted";
}

}  // namespace
}  // namespace reconcile
