#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/core/digest.h"
#include "reconcilers/migrations/adoption.h"
#include "reconcilers/migrations/directives.h"
#include "reconcilers/migrations/load.h"

// Whether a file that adopts objects is run in a database, from what that database has of them.

namespace reconcile::migrations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* git_made = "what git made";
constexpr const char* as_adopted = "what was made by hand";

std::string digest(std::string_view text) { return sha256(text).substr(0, 16); }

/// One object: what the file says of it, what git and the database have ("" for nothing).
struct Object {
  std::string name;
  std::string said;
  std::string owned;
  std::string live;
};

Judgement judged(const std::vector<Object>& objects, bool comparable = true) {
  Migration migration;
  KnownObjects known{{}, comparable};
  const auto side = [](const std::string& text) {
    return text.empty() ? std::optional<std::string>() : std::optional(text);
  };
  for (const Object& object : objects) {
    migration.adopts.push_back({"view " + object.name, object.said});
    if (!object.owned.empty() || !object.live.empty()) {
      known.objects.push_back(
          {{"view", object.name}, "", side(object.owned), side(object.live), {}});
    }
  }
  return judge(migration, known);
}

std::string outcome(const Judgement& judgement) {
  if (!judgement.conflict.empty()) return "conflict";
  return judgement.in_place ? "in place" : "run";
}

TEST(Adoption, OneObject) {
  const std::string said = digest(as_adopted);
  struct Case {
    std::string said, owned, live, outcome;
  };
  const std::vector<Case> cases = {
      {said, "", "", "run"},               // a database that never saw it
      {said, "", as_adopted, "in place"},  // the one it was made in
      {said, "", "something else", "conflict"},
      {said, git_made, git_made, "run"},  // altered there, as git made it here
      {said, git_made, as_adopted, "in place"},
      {said, git_made, "something else", "conflict"},
      {said, git_made, "", "conflict"},     // altered there, lost here
      {"gone", git_made, git_made, "run"},  // lost there, not here
      {"gone", git_made, "", "in place"},
      {"gone", "", "", "run"},  // not made yet: dropping it if it exists is no harm
      {"gone", "", "something else", "conflict"},
      {"gone", git_made, "something else", "conflict"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(outcome(judged({{"a", one.said, one.owned, one.live}})), one.outcome)
        << one.said << "|" << one.owned << "|" << one.live;
  }
}

TEST(Adoption, AllOrNone) {
  const std::string said = digest(as_adopted);
  const Object there{"there", said, "", as_adopted};
  const Object waiting{"waiting", said, "", ""};
  const Object never{"never", "gone", "", ""};
  EXPECT_EQ(outcome(judged({there, there, never})), "in place");
  EXPECT_EQ(outcome(judged({waiting, never})), "run");
  EXPECT_THAT(judged({there, never}).objects, ElementsAre(ObjectIdentity{"view", "there"}));
  const Judgement some = judged({there, waiting});
  EXPECT_THAT(some.conflict, HasSubstr("view there is, view waiting is not"));
  EXPECT_THAT(some.next, HasSubstr("by hand"));
}

// Another server or program writes definitions otherwise: what git made cannot be told from what
// somebody changed, and what git owns is taken for unchanged.
TEST(Adoption, DefinitionsWrittenInAnotherWay) {
  const Object altered{"a", digest(as_adopted), git_made, "what git made, in other words"};
  EXPECT_EQ(outcome(judged({altered}, false)), "run");
  EXPECT_EQ(outcome(judged({altered}, true)), "conflict");
}

TEST(Adoption, TheDirectiveComesBackAsItWas) {
  for (const std::string object :
       {"view public.recent", "materialized view public.\"a b\"", "table \"we.ird\".\"x\ny\r\\n\"",
        "comment on table \"-- reconcile: only prod\"", "column t.\"gone\""}) {
    for (const std::string digest : {"gone", "0123456789abcdef"}) {
      const auto read =
          read_directives(adopts_line({object, digest}) + "\nselect 1;", "migrations/post/1_a.sql");
      ASSERT_TRUE(read) << describe(read.error());
      ASSERT_EQ(read->adopts.size(), 1U);
      EXPECT_EQ(read->adopts.front().object, object);
      EXPECT_EQ(read->adopts.front().digest, digest);
    }
  }
}

TEST(Adoption, MisspeltOnesAreErrors) {
  for (const std::string line :
       {"-- reconcile: adopts view public.recent", "-- reconcile: adopts view gone",
        "-- reconcile: adopts view public.recent 0123", "-- reconcile: adopts",
        "-- reconcile: adopts view public.recent 0123456789abcdeg",
        "-- reconcile adopts view public.recent gone"}) {
    EXPECT_FALSE(read_directives(line + "\nselect 1;", "migrations/post/1_a.sql")) << line;
  }
}

}  // namespace
}  // namespace reconcile::migrations
