#include <gmock/gmock.h>

#include "controller/postgres/session_leadership.h"
#include "controller/postgres/target_database.h"
#include "tests/support/poll.h"
#include "tests/support/test_database.h"

// Replicas that share a database, each with a session of its own.
namespace reconcile::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Names = std::vector<std::string>;

class Leads : public testing::Test {
 protected:
  std::unique_ptr<Leadership> replica(const std::string& name) const {
    auto opened = postgres::open_leadership(database.conninfo(), name);
    if (!opened) throw std::runtime_error(describe(opened.error()));
    return std::move(*opened);
  }

  const Names targets{"stage", "prod"};
  TestDatabase database{TestServer::shared(), TestDatabase::Contents::Nothing};
};

TEST_F(Leads, OneTargetOnce) {
  const auto first = replica("one");
  const auto second = replica("two");
  EXPECT_THAT(*first->take(targets), ElementsAre("stage", "prod"));
  EXPECT_THAT(*second->take(targets), IsEmpty());
  const Leaders seen = *second->look(targets);
  EXPECT_EQ(seen.replicas, 2U);
  EXPECT_THAT(seen.others, ElementsAre(Pair("prod", "one"), Pair("stage", "one")));
  EXPECT_THAT(seen.mine, IsEmpty());
  EXPECT_EQ(first->look(targets)->mine.size(), 2U);
}

TEST_F(Leads, UntilItGivesItUp) {
  const auto first = replica("one");
  const auto second = replica("two");
  ASSERT_TRUE(first->take(targets));
  ASSERT_TRUE(first->give_up(Names{"stage"}));
  EXPECT_THAT(*second->take(targets), ElementsAre("stage"));
}

TEST_F(Leads, UntilItsSessionEnds) {
  auto first = replica("one");
  const auto second = replica("two");
  ASSERT_TRUE(first->take(targets));
  first.reset();
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] { return second->take(targets)->size() == 2; }));
  EXPECT_EQ(second->look(targets)->replicas, 1U);
}

// The server says goodbye and is gone: libpqxx learns the one when it looks for notices, and the
// other when it goes on.
TEST_F(Leads, AndALostSessionIsAnErrorAtEachCall) {
  const auto only = replica("one");
  ASSERT_TRUE(only->notices());
  const std::string lost = "from pg_stat_activity where application_name = 'reconcile leader one'";
  database.execute("select pg_terminate_backend(pid) " + lost);
  ASSERT_TRUE(within(std::chrono::seconds(10),
                     [&] { return database.value("select count(*) " + lost) == "0"; }));
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] { return !only->notices(); }));
  EXPECT_FALSE(only->notices());
  EXPECT_FALSE(only->look(targets));
  EXPECT_FALSE(only->take(targets));
}

TEST_F(Leads, AndKnowsWhatIsNoTargetAnyMore) {
  const auto only = replica("one");
  ASSERT_TRUE(only->take(targets));
  const auto seen = only->look(Names{"stage"});
  EXPECT_TRUE(seen->mine.contains("prod"));
}

// What git asks of a database must not wait for whoever leads it: CREATE INDEX CONCURRENTLY waits
// for every snapshot (flyway#1654).
TEST_F(Leads, WithoutBeingInAnybodysWay) {
  const auto only = replica("one");
  ASSERT_TRUE(only->take(targets));
  database.execute("create table t (id int)");
  database.execute("set statement_timeout = '5s'; create table u (id int)");
  Connection(database.conninfo()).execute("create index concurrently t_id on t (id)");
  EXPECT_EQ(database.value("select count(*) from pg_stat_activity where application_name = "
                           "'reconcile leader one' and backend_xmin is not null"),
            "0");
}

// A replica that was cut off goes on in the belief that it leads.
TEST_F(Leads, NoMoreOnceItsSessionWasEnded) {
  const auto first = replica("one");
  ASSERT_TRUE(first->take(targets));
  const Fence fence = first->look(targets)->mine.at("stage");
  const auto connection = postgres::connector(database.conninfo(), "test")->connect();
  ASSERT_TRUE(connection);
  EXPECT_TRUE(*(*connection)->lease().still_leads(fence));
  database.execute("select pg_terminate_backend(" + std::to_string(fence.backend) + ")");
  EXPECT_TRUE(within(std::chrono::seconds(10),
                     [&] { return !*(*connection)->lease().still_leads(fence); }));
  EXPECT_FALSE(first->look(targets)) << "the session is gone, and says so";
}

TEST_F(Leads, FromAnotherDatabaseOfTheServer) {
  const TestDatabase tenant{TestServer::shared(), TestDatabase::Contents::Nothing};
  const auto only = replica("one");
  ASSERT_TRUE(only->take(targets));
  const auto connection = postgres::connector(tenant.conninfo(), "test")->connect();
  ASSERT_TRUE(connection);
  EXPECT_TRUE(*(*connection)->lease().still_leads(only->look(targets)->mine.at("prod")));
}

// The lock that replicas share says how many they are, and anybody who may connect can take it.
TEST_F(Leads, WhateverOtherRolesDo) {
  auto first = replica("one");
  const std::string role = "stranger_" + database.name();
  database.execute("create role " + role + " login");
  const std::string key = database.value(
      "select classid::bigint << 32 | objid::bigint from pg_locks where locktype = 'advisory' and "
      "objsubid = 1 and mode = 'ShareLock'");
  {
    Connection stranger(database.conninfo() + " user=" + role);
    stranger.execute("select pg_advisory_lock_shared(" + key + ")");
    EXPECT_EQ(first->look(targets)->replicas, 1U);
    const auto second = replica("two");
    EXPECT_EQ(first->look(targets)->replicas, 2U);
    stranger.execute("select pg_advisory_unlock_all()");
  }
  first.reset();
  {
    Connection stranger(database.conninfo() + " user=" + role);
    ASSERT_TRUE(within(std::chrono::seconds(10), [&] {
      return stranger.value("select pg_try_advisory_lock(" + key + ")") == "t";
    }));
    first = replica("one");
    EXPECT_THAT(*first->take(targets), ElementsAre("stage", "prod")) << "nobody is waited for";
  }
  database.execute("drop role " + role);
}

TEST_F(Leads, AndHearsWhatOthersSay) {
  const auto first = replica("one");
  const auto second = replica("two");
  ASSERT_TRUE(postgres::tell_replicas(database.conninfo(), "look again"));
  std::vector<Notice> heard;
  EXPECT_TRUE(within(std::chrono::seconds(10), [&] {
    heard = *first->notices();
    return !heard.empty();
  }));
  EXPECT_EQ(heard.front().channel, "reconcile");
  EXPECT_EQ(heard.front().text, "look again");
  EXPECT_THAT(*first->take(targets), ElementsAre("stage", "prod")) << "the session works as before";
}

}  // namespace
}  // namespace reconcile::test
