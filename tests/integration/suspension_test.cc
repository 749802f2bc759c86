#include <gmock/gmock.h>

#include "controller/postgres/target_database.h"
#include "tests/support/pass_fixture.h"
#include "tests/support/poll.h"

// A target that somebody has suspended is looked at and left alone.
namespace reconcile::test {
namespace {

using testing::HasSubstr;

constexpr const char* kFirst = "migrations/pre/001_first.sql";
constexpr const char* kSecond = "migrations/pre/002_second.sql";

class Suspended : public PassTest {
 protected:
  Suspended() { apply(kFirst, "create table first (id int);"); }

  Ran suspend(const Words& more = {}) const {
    Words command = {"suspend", "--reason", "release freeze"};
    command.insert(command.end(), more.begin(), more.end());
    return run(std::move(command));
  }
  bool has_second() const {
    return database.value("select to_regclass('public.second') is not null") == "t";
  }
};

TEST_F(Suspended, AppliesNothingUntilItIsResumed) {
  const Ran suspended = suspend();
  EXPECT_EQ(suspended.exit_code, 0) << suspended;
  EXPECT_THAT(suspended.out, HasSubstr(": release freeze"));
  repo.commit(kSecond, "create table second (id int);", "Second");
  const Ran held = once();
  EXPECT_EQ(held.exit_code, 3) << held;
  EXPECT_THAT(held.err, HasSubstr("Suspended"));
  EXPECT_THAT(held.err, HasSubstr("next: reconcile resume --target"));
  EXPECT_FALSE(has_second());
  EXPECT_EQ(run({"plan"}).exit_code, 3);
  EXPECT_EQ(run({"resume"}).exit_code, 0);
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_TRUE(has_second());
}

TEST_F(Suspended, IsInSyncWhereThereIsNothingToApply) {
  ASSERT_EQ(suspend().exit_code, 0);
  EXPECT_EQ(once().exit_code, 0);
}

TEST_F(Suspended, EndsByItselfWhenItsTimeIsOver) {
  ASSERT_EQ(suspend({"--for", "1s"}).exit_code, 0);
  repo.commit(kSecond, "create table second (id int);", "Second");
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return once().exit_code == 0; }));
  EXPECT_TRUE(has_second());
}

TEST_F(Suspended, LastsForAsLongAsWasSaid) {
  const Ran suspended = suspend({"--for", "2h"});
  EXPECT_THAT(suspended.out, HasSubstr(", until 20"));
  repo.commit(kSecond, "create table second (id int);", "Second");
  EXPECT_EQ(once().exit_code, 3);
  ASSERT_EQ(suspend({"--for", "1s"}).exit_code, 0) << "the newest word counts";
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return once().exit_code == 0; }));
}

// What people suspend a target for is often that they want to go back by hand.
TEST_F(Suspended, StillGoesBackByHand) {
  const std::string first = repo.commit("snapshots/README", "1", "Nothing");
  ASSERT_EQ(once().exit_code, 0);
  repo.commit("snapshots/README", "2", "Nothing again");
  ASSERT_EQ(once().exit_code, 0);
  ASSERT_EQ(suspend().exit_code, 0);
  const Ran back = run({"rollback", "--to", first, "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back;
  EXPECT_EQ(database.value("select commit from reconcile.revision where applied order by id desc"),
            first);
}

TEST_F(Suspended, StandsInTheHistoryWithWhoAndWhy) {
  ASSERT_EQ(suspend().exit_code, 0);
  ASSERT_EQ(run({"resume"}).exit_code, 0);
  const Ran history = run({"history"});
  EXPECT_THAT(history.out, HasSubstr("suspended  release freeze"));
  EXPECT_THAT(history.out, HasSubstr("resumed"));
}

TEST_F(Suspended, SaysWhenThereIsNothingToResume) {
  const Ran resumed = run({"resume"});
  EXPECT_EQ(resumed.exit_code, 1) << resumed;
  EXPECT_THAT(resumed.err, HasSubstr("nothing is suspended"));
}

// Two people who resume it at once: to the second it is no failure of this program.
TEST_F(Suspended, IsResumedOnceAndThenNotTheStateAnyMore) {
  ASSERT_EQ(suspend().exit_code, 0);
  const auto connection = postgres::connector(database.conninfo(), "test")->connect();
  ASSERT_TRUE(connection) << describe(connection.error());
  EXPECT_TRUE((*connection)->ledger().resume());
  const auto again = (*connection)->ledger().resume();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::Conflict) << "over HTTP 409, as /openapi.json says";
}

TEST_F(Suspended, WorksBeforeTheFirstPass) {
  const TestDatabase fresh;
  ASSERT_EQ(checkout.run(fresh.conninfo(), {"suspend"}).exit_code, 0);
  EXPECT_EQ(checkout.run(fresh.conninfo(), {"--once"}).exit_code, 3);
  ASSERT_EQ(checkout.run(fresh.conninfo(), {"resume"}).exit_code, 0);
  EXPECT_EQ(checkout.run(fresh.conninfo(), {"--once"}).exit_code, 0);
}

// A ledger of the layout before has no column for it.
TEST_F(Suspended, IsWrittenIntoALedgerOfAnEarlierLayout) {
  database.execute(
      "alter table reconcile.revision drop column suspended_until; comment on schema reconcile is "
      "'layout 7'");
  EXPECT_EQ(once().exit_code, 0);
  EXPECT_EQ(suspend().exit_code, 0);
  repo.commit(kSecond, "create table second (id int);", "Second");
  EXPECT_EQ(once().exit_code, 3);
}

}  // namespace
}  // namespace reconcile::test
