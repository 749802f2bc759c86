#include <gmock/gmock.h>

#include "reconcilers/policy/alone.h"

namespace reconcile::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Statement statement(Alone::Kind kind) {
  Statement statement;
  statement.text = "the statement";
  statement.alone = std::make_shared<const Alone>(Alone{.kind = kind,
                                                        .command = "THE COMMAND",
                                                        .relation = "\"s\".\"t\"",
                                                        .name = "i",
                                                        .partition = "\"s\".\"p\""});
  return statement;
}

TEST(AloneDecision, AnIndexByWhatIsThere) {
  const Statement create = statement(Alone::Kind::CreateIndex);
  EXPECT_EQ(decide(create, {}).run, "the statement");
  EXPECT_EQ(decide(create, {.there = true, .object = "s.i"}).run, std::nullopt);

  const AloneDecision broken = decide(create, {.there = true, .whole = false, .object = "s.i"});
  EXPECT_THAT(broken.clear, ElementsAre("drop index concurrently if exists s.i"));
  EXPECT_EQ(broken.run, "the statement");

  const AloneDecision other =
      decide(create, {.there = true, .as_asked = false, .object = "s.i", .found = "a view"});
  EXPECT_TRUE(other.taken);
  EXPECT_FALSE(other.run);

  const AloneDecision built =
      decide(create, {.there = true, .whole = false, .object = "s.i", .builder = "pid 7"});
  EXPECT_THAT(built.waits.value_or(""), HasSubstr("pid 7"));
  EXPECT_FALSE(built.run);
  EXPECT_THAT(built.clear, IsEmpty());
}

TEST(AloneDecision, TheOthersByWhatIsThere) {
  const Statement drop = statement(Alone::Kind::DropIndex);
  EXPECT_EQ(decide(drop, {.there = true, .whole = false}).run, "the statement");
  EXPECT_EQ(decide(drop, {}).run, std::nullopt);

  const Statement reindex = statement(Alone::Kind::ReindexTable);
  EXPECT_THAT(decide(reindex, {.there = true, .leftovers = {"s.t_ccnew", "s.u_ccold"}}).clear,
              testing::SizeIs(2));
  EXPECT_EQ(decide(reindex, {.there = true}).run, "the statement");

  const Statement detach = statement(Alone::Kind::DetachPartition);
  EXPECT_EQ(decide(detach, {.there = true}).run, "the statement");
  EXPECT_EQ(decide(detach, {.there = true, .whole = false}).run,
            "alter table \"s\".\"t\" detach partition \"s\".\"p\" finalize");
  EXPECT_EQ(decide(detach, {}).run, std::nullopt);

  const Statement value = statement(Alone::Kind::AddValue);
  EXPECT_EQ(decide(value, {}).run, "the statement");
  EXPECT_EQ(decide(value, {.there = true}).run, std::nullopt);
}

TEST(AloneDecision, AConstraintByWhatIsThere) {
  const Statement validate = statement(Alone::Kind::Validate);
  EXPECT_EQ(decide(validate, {}).run, "the statement");
  EXPECT_EQ(decide(validate, {.there = true, .whole = false}).run, "the statement");
  EXPECT_EQ(decide(validate, {.there = true}).run, std::nullopt);
  for (const Alone::Kind kind : {Alone::Kind::AddUnique, Alone::Kind::SetNotNull}) {
    EXPECT_EQ(decide(statement(kind), {}).run, "the statement");
    EXPECT_EQ(decide(statement(kind), {.there = true}).run, std::nullopt);
    EXPECT_FALSE(waits_beside_others(*statement(kind).alone));
  }
  EXPECT_TRUE(waits_beside_others(*validate.alone));
}

TEST(AloneDecision, WhatRefusesNewRowsDoesNotStayBehind) {
  Alone what = *statement(Alone::Kind::Validate).alone;
  what.undo = "drop it";
  Statement validate;
  validate.alone = std::make_shared<const Alone>(what);
  EXPECT_THAT(after_failure(validate, {.there = true, .whole = false}), ElementsAre("drop it"));
  EXPECT_THAT(after_failure(statement(Alone::Kind::CreateIndex),
                            {.there = true, .whole = false, .object = "s.i"}),
              ElementsAre("drop index concurrently if exists s.i"));
  EXPECT_THAT(after_failure(statement(Alone::Kind::SetNotNull), {}), IsEmpty());
}

TEST(AloneDecision, IsDoneByTheCatalog) {
  const Alone create = *statement(Alone::Kind::CreateIndex).alone;
  EXPECT_NE(undone(create, {}), "");
  EXPECT_NE(undone(create, {.there = true, .whole = false}), "");
  EXPECT_EQ(undone(create, {.there = true}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::DropIndex).alone, {.there = true}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::ReindexIndex).alone, {.leftovers = {"x"}}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::DetachPartition).alone, {.there = true}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::AddValue).alone, {}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::Validate).alone, {.there = true, .whole = false}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::AddUnique).alone, {}), "");
  EXPECT_NE(undone(*statement(Alone::Kind::SetNotNull).alone, {}), "");
}

TEST(AloneDecision, KnowsWhatIsItsOwn) {
  const Alone create = *statement(Alone::Kind::CreateIndex).alone;
  EXPECT_TRUE(is_about(create, {"index", "s.i"}));
  EXPECT_FALSE(is_about(create, {"index", "s.xi"}));
  EXPECT_FALSE(is_about(create, {"table", "s.i"}));
  EXPECT_TRUE(is_about(*statement(Alone::Kind::DropIndex).alone, {"index", "s.t"}));
  EXPECT_TRUE(is_about(*statement(Alone::Kind::DetachPartition).alone, {"table", "s.p"}));
  EXPECT_TRUE(is_about(*statement(Alone::Kind::AddValue).alone, {"enum", "s.t"}));
  EXPECT_TRUE(is_about(*statement(Alone::Kind::Validate).alone, {"constraint", "s.t.i"}));
  EXPECT_FALSE(is_about(*statement(Alone::Kind::Validate).alone, {"constraint", "s.u.i"}));
}

TEST(AloneDecision, EveryFailureHasItsWayOut) {
  const Alone create = *statement(Alone::Kind::CreateIndex).alone;
  const auto failed = [](std::string sqlstate) {
    Error error;
    error.kind = kind_of_sqlstate(sqlstate);
    error.sqlstate = std::move(sqlstate);
    return error;
  };
  EXPECT_THAT(way_out(create, failed("23505")), HasSubstr("mend the rows in a new file before"));
  Alone unique = create;
  unique.violators = "select 1";
  EXPECT_THAT(way_out(unique, failed("23505")), HasSubstr("below migrations/pre of a new commit"));
  EXPECT_THAT(violated(unique, 7).why, HasSubstr(": 7"));
  EXPECT_THAT(way_out(create, failed("57014")), HasSubstr("concurrent_timeout"));
  EXPECT_THAT(way_out(create, failed("57P01")), HasSubstr("next pass"));
  EXPECT_THAT(way_out(create, failed("40P01")), HasSubstr("pg_stat_activity"));
  EXPECT_THAT(way_out(create, failed("42703")), HasSubstr("THE COMMAND"));
}

}  // namespace
}  // namespace reconcile::policy
