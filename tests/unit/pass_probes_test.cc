#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcilers/pass/probes.h"
#include "reconcilers/pass/settled.h"
#include "tests/unit/support/snapshot_model.h"

namespace reconcile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using namespace snapshot::test;

Step step(Action action, const std::string& kind, const std::string& name) {
  Step step;
  step.stage = Stage::Snapshot;
  step.action = action;
  step.object = {kind, name};
  return step;
}

/// "clubs(name,note)", "!old".
std::vector<std::string> asked(const std::vector<Step>& steps,
                               const snapshot::Snapshot& desired = clubs_and_drivers()) {
  std::vector<std::string> all;
  for (const Probe& probe : probes(steps, desired)) {
    all.push_back(fmt::format("{}{}({})", probe.served ? "" : "!", probe.collection,
                              fmt::join(probe.fields, ",")));
  }
  return all;
}

TEST(Probes, AreAboutWhatTheStepsMadeOrRemoved) {
  EXPECT_THAT(asked({}), IsEmpty());
  EXPECT_THAT(asked({step(Action::Create, "collection", "clubs"),
                     step(Action::Create, "field", "clubs.name"),
                     step(Action::Change, "field", "drivers.name"),
                     step(Action::Create, "relation", "drivers.club")}),
              ElementsAre("clubs(name)", "drivers(name)"));
  EXPECT_THAT(
      asked({step(Action::Remove, "field", "clubs.old"),
             step(Action::Remove, "field", "clubs.older"), step(Action::Remove, "field", "old.x"),
             step(Action::Remove, "collection", "old"),
             step(Action::Remove, "collection", "older")}),
      ElementsAre("!clubs(old)", "!old()"));
  Step sql = step(Action::Run, "migration", "post/001_clubs.sql");
  sql.stage = Stage::Post;
  EXPECT_THAT(asked({sql}), IsEmpty());
}

TEST(Probes, AreNotAboutWhatDirectusDoesNotServeThatWay) {
  snapshot::Snapshot desired = clubs_and_drivers();
  desired.collections.push_back(folder("group"));
  desired.collections.push_back(table("keyless"));
  desired.collections.push_back(table("asleep", {{"status", "inactive"}}));
  desired.fields.push_back(primary_key("asleep"));
  desired.fields.push_back(alias("clubs.drivers"));
  desired.fields.push_back(field("directus_users.birthday", "date"));
  desired.fields.push_back(field("clubs.a b", "text"));
  std::vector<Step> steps;
  for (const auto& collection : desired.collections)
    steps.push_back(step(Action::Create, "collection", collection.name));
  for (const auto& each : desired.fields)
    steps.push_back(step(Action::Create, "field", each.collection + "." + each.name));
  EXPECT_THAT(asked(steps, desired),
              ElementsAre("clubs(id,name)", "directus_users(birthday)", "drivers(id,name,club)"));
}

TEST(Probes, AreFew) {
  snapshot::Snapshot desired;
  std::vector<Step> steps;
  for (int i = 0; i < 50; ++i) {
    const std::string name = "c" + std::to_string(i);
    desired.collections.push_back(table(name));
    desired.fields.push_back(primary_key(name));
    steps.push_back(step(Action::Create, "collection", name));
    for (int j = 0; j < 50; ++j) {
      desired.fields.push_back(field(name + ".f" + std::to_string(j), "text"));
      steps.push_back(step(Action::Create, "field", name + ".f" + std::to_string(j)));
    }
  }
  const auto questions = probes(steps, desired);
  ASSERT_EQ(questions.size(), 3U);
  for (const Probe& probe : questions) EXPECT_LE(probe.fields.size(), 10U);
}

TEST(Settled, IsAboutLabelsAndRecords) {
  PassOptions options;
  options.target = "prod";
  const RecordedMigration one{Stage::Pre, "migrations/pre/001_a.sql", "b", "raw", "token", "c"};
  const std::vector<RecordedMigration> records{one};
  const std::string digest = settled(options, records);
  EXPECT_EQ(settled(options, {}, records), digest);
  EXPECT_EQ(settled(options, records, records), digest);

  RecordedMigration moved = one;
  moved.file = "db-init/001_a.sql";
  moved.revision = "d";
  EXPECT_EQ(settled(options, std::vector{moved}), digest);
  RecordedMigration edited = one;
  edited.raw_hash = "other";
  EXPECT_NE(settled(options, std::vector{edited}), digest);
  EXPECT_EQ(settled(options, std::vector{edited}, records), digest);
  EXPECT_NE(settled(options, {}), digest);

  PassOptions labelled = options;
  labelled.environment = "stage";
  EXPECT_NE(settled(labelled, records), digest);
  PassOptions shifted;
  shifted.target = "pro";
  shifted.environment = "d";
  EXPECT_NE(settled(shifted, {}), settled(options, {}));
}

}  // namespace
}  // namespace reconcile
