#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "reconcilers/snapshot/planner.h"
#include "tests/support/random_seed.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile::snapshot {
namespace {

using namespace test;
using ::testing::IsEmpty;

/// Small random schemas out of few names and values, so that they meet often.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  bool chance(unsigned percent) { return engine_() % 100 < percent; }
  template <class Item, std::size_t size>
  Item pick(const Item (&items)[size]) {
    return items[engine_() % size];
  }

  /// `gaps`: some fields leave out a key.
  Snapshot snapshot(bool gaps = true) {
    Snapshot made;
    for (const char* name : {"a", "b", "c"}) {
      if (!chance(75)) continue;
      if (chance(20)) {
        made.collections.push_back(folder(name, {{"note", note()}}));
        continue;
      }
      made.collections.push_back(table(name, {{"note", note()}, {"hidden", chance(50)}}));
      made.fields.push_back(primary_key(name));
      for (const char* own : {"x", "y", "z"}) add_field(made, std::string(name) + "." + own);
    }
    for (Field& entity : made.fields) {
      if (gaps && entity.meta && chance(10)) entity.meta = without(*entity.meta, "note");
    }
    return made;
  }

 private:
  Value note() {
    const char* notes[] = {"one", "two", "it's \"x\""};
    return chance(40) ? Value(nullptr) : Value(pick(notes));
  }

  void add_field(Snapshot& made, const std::string& name) {
    if (!chance(60)) return;
    if (chance(20)) {
      made.fields.push_back(alias(name, {{"note", note()}}));
      return;
    }
    const char* types[] = {"text", "character varying", "integer", "boolean", "uuid"};
    made.fields.push_back(field(name, pick(types),
                                {{"is_nullable", chance(70)}, {"is_indexed", chance(30)}},
                                {{"note", note()}}));
    if (chance(15)) made.fields.back().meta.reset();
    if (chance(30))
      made.relations.push_back(
          relation(name, "a", {{"on_delete", chance(50) ? "CASCADE" : "SET NULL"}}));
  }

  std::mt19937_64 engine_;
};

template <class Entity>
const Entity* find(const std::vector<Entity>& entities, const std::string& name) {
  for (const Entity& entity : entities) {
    if (name_of(entity) == name) return &entity;
  }
  return nullptr;
}

bool same(const std::optional<Attributes>& left, const std::optional<Attributes>& right) {
  if (left.has_value() != right.has_value()) return false;
  return !left || (left->size() == right->size() && std::ranges::equal(*left, *right));
}

/// Whether base and desired say the same of an object.
bool unchanged(const Planning& planning, const ObjectIdentity& object) {
  const auto compare = [&](const auto& before, const auto& after) {
    const auto* left = find(before, object.name);
    const auto* right = find(after, object.name);
    if (left == nullptr || right == nullptr) return left == right;
    return same(left->meta, right->meta) && same(left->schema, right->schema);
  };
  if (object.kind == "collection")
    return compare(planning.base.collections, planning.desired.collections);
  if (object.kind == "field") return compare(planning.base.fields, planning.desired.fields);
  if (object.kind == "relation")
    return compare(planning.base.relations, planning.desired.relations);
  return false;
}

/// Whether git takes the object, or its table, column or row, away or makes it narrower.
bool removed_by_git(const Planning& planning, const ObjectIdentity& object) {
  const auto gone = [&](const auto& before, const auto& after) {
    const auto* left = find(before, object.name);
    const auto* right = find(after, object.name);
    if (left == nullptr) return false;
    return right == nullptr || (left->meta && !right->meta) || (left->schema && !right->schema) ||
           !same(left->schema, right->schema);
  };
  if (object.kind == "collection")
    return gone(planning.base.collections, planning.desired.collections);
  if (object.kind == "field") return gone(planning.base.fields, planning.desired.fields);
  return gone(planning.base.relations, planning.desired.relations);
}

class SnapshotProperties : public ::testing::Test {
 protected:
  static constexpr int rounds = 300;
  void SetUp() override {
    std::cout << "RECONCILE_SEED=" << reconcile::testing::random_seed() << '\n';
  }
  Random random_{reconcile::testing::random_seed()};
};

TEST_F(SnapshotProperties, NothingChangedIsAnEmptyPlan) {
  for (int round = 0; round < rounds; ++round) {
    const Snapshot state = random_.snapshot();
    for (const Snapshot& base : {state, Snapshot()}) {
      const Plan plan = Planning{base, state, live_of(state)}.plan();
      ASSERT_THAT(steps_of(plan), IsEmpty()) << "round " << round;
      ASSERT_THAT(holds_of(plan), IsEmpty()) << "round " << round;
      ASSERT_THAT(drift_of(plan), IsEmpty()) << "round " << round;
    }
  }
}

TEST_F(SnapshotProperties, OnlyWhatGitChangedIsTouchedWhateverTheDatabaseHolds) {
  for (int round = 0; round < rounds; ++round) {
    Planning planning{random_.snapshot(), random_.snapshot(), live_of(random_.snapshot())};
    if (random_.chance(50)) planning.live = live_of(planning.base);
    const Plan plan = planning.plan();
    for (const Step& step : plan.steps) {
      ASSERT_FALSE(unchanged(planning, step.object))
          << "round " << round << ": " << step.object.text();
      if (step.destructive) {
        ASSERT_TRUE(removed_by_git(planning, step.object))
            << "round " << round << ": " << step.object.text();
      }
      for (const Statement& statement : step.statements) {
        const bool drops = statement.text.starts_with("drop table") ||
                           statement.text.find(" drop column ") != std::string::npos;
        const bool takes = statement.text.find("reconcile_quarantine.take_") != std::string::npos;
        ASSERT_FALSE(drops) << "round " << round << ": " << statement.text;
        ASSERT_TRUE(!takes || step.destructive) << "round " << round << ": " << statement.text;
      }
    }
  }
}

TEST_F(SnapshotProperties, TheDatabaseThatGitLeftIsBroughtToGitWithoutAQuestion) {
  for (int round = 0; round < rounds; ++round) {
    // A key that git begins to name, and that the database has otherwise, is a conflict of its own.
    Planning planning{random_.snapshot(false), random_.snapshot(false), {}};
    planning.live = live_of(planning.base);
    const Plan plan = planning.plan();
    // Nobody but git changed anything, so there is nothing to dispute.
    for (const Hold& hold : plan.holds)
      ASSERT_NE(hold.code, ReasonCode::Conflict) << "round " << round << ": " << hold.message;
    for (const Drift& drift : plan.drift)
      ADD_FAILURE() << "round " << round << ": " << name_of(drift.kind) << " "
                    << drift.object.text();
    // And what git made is what it asked for.
    Planning after{planning.desired, planning.desired, live_of(planning.desired)};
    ASSERT_THAT(steps_of(after.plan()), IsEmpty()) << "round " << round;
  }
}

TEST_F(SnapshotProperties, AKeyThatGitDoesNotNameIsNeverCompared) {
  for (int round = 0; round < rounds; ++round) {
    Planning planning{random_.snapshot(), {}, {}};
    planning.desired = planning.base;
    Snapshot other = planning.base;
    for (std::size_t i = 0; i < other.fields.size(); ++i) {
      if (!other.fields[i].meta) continue;
      set(other.fields[i].meta, "note", "somebody's");
      planning.desired.fields[i].meta = without(*planning.desired.fields[i].meta, "note");
    }
    planning.live = live_of(other);
    const Plan plan = planning.plan();
    ASSERT_THAT(steps_of(plan), IsEmpty()) << "round " << round;
    ASSERT_THAT(holds_of(plan), IsEmpty()) << "round " << round;
    ASSERT_THAT(drift_of(plan), IsEmpty()) << "round " << round;
  }
}

TEST_F(SnapshotProperties, AFirstRunRemovesNothing) {
  for (int round = 0; round < rounds; ++round) {
    const Planning planning{Snapshot(), random_.snapshot(), live_of(random_.snapshot())};
    const Plan plan = planning.plan();
    for (const Step& step : plan.steps) {
      ASSERT_NE(step.action, Action::Remove) << "round " << round << ": " << step.object.text();
      ASSERT_FALSE(step.destructive) << "round " << round << ": " << step.object.text();
    }
  }
}

}  // namespace
}  // namespace reconcile::snapshot
