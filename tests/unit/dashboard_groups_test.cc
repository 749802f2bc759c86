#include <gtest/gtest.h>

#include "controller/dashboard/fleet_groups.h"
#include "controller/dashboard/plan_groups.h"
#include "controller/dashboard/timeline.h"
#include "tests/browser/fixtures.h"

namespace reconcile::dashboard {
namespace {

TargetStatus target(std::string name, Headline headline, std::string fingerprint) {
  TargetStatus status;
  status.target = std::move(name);
  status.standing.headline = headline;
  status.fingerprint = std::move(fingerprint);
  status.environment = "Prod";
  return status;
}

std::vector<std::string> names(const Targets& targets) {
  std::vector<std::string> all;
  for (const TargetStatus* one : targets) all.push_back(one->target);
  return all;
}

using Names = std::vector<std::string>;

TEST(DashboardFleet, TheWorstComesFirst) {
  const std::vector<TargetStatus> all{
      target("b", Headline::InSync, ""), target("a", Headline::InSync, ""),
      target("d", Headline::Drifted, ""), target("c", Headline::Failed, "")};
  EXPECT_EQ(names(worst_first(all)), (Names{"c", "d", "a", "b"}));
}

TEST(DashboardFleet, AllWordsOfAQueryHaveToFit) {
  const std::vector<TargetStatus> all{target("Acme-1", Headline::InSync, "9f2c"),
                                      target("acme-2", Headline::NeedsApproval, "41d0"),
                                      target("globex", Headline::InSync, "9f2d")};
  const Targets targets = worst_first(all);
  EXPECT_EQ(names(matching(targets, "")).size(), 3U);
  EXPECT_EQ(names(matching(targets, "ACME state:in-sync")), (Names{"Acme-1"}));
  EXPECT_EQ(names(matching(targets, "state:needs-approval")), (Names{"acme-2"}));
  EXPECT_EQ(names(matching(targets, " env:prod  schema:9f2 ")), (Names{"Acme-1", "globex"}));
  EXPECT_EQ(names(matching(targets, "state:")), Names{});
}

TEST(DashboardFleet, AThousandEqualTenantsAreOneShape) {
  const std::vector<TargetStatus> all = test::tenants(1000);
  const std::vector<Shape> found = shapes(worst_first(all));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].letter, "A");
  EXPECT_EQ(found[0].targets.size() + found[1].targets.size() + found[2].targets.size(), 1000U);
  EXPECT_EQ(names(found[2].targets), (Names{"tenant_0500"}));
}

TEST(DashboardFleet, OneCauseIsOneCase) {
  std::vector<TargetStatus> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back(target("t" + std::to_string(i), Headline::Failed, ""));
    all.back().standing.cause = "the server is gone";
  }
  all.push_back(target("calm", Headline::Paused, ""));
  const std::vector<Waiting> groups = waiting(worst_first(all));
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].targets.size(), 500U);
}

TEST(DashboardPlan, TheDangerousComesFirst) {
  const PassReport report = test::held_report();
  const std::vector<StepGroup> groups = grouped_steps(report.plan);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].name, "entries");
  EXPECT_EQ(groups[0].steps[0]->object.name, "entries.legacy_ref");
  EXPECT_EQ(groups[1].name, "post");
  EXPECT_EQ(groups[2].name, "invoices");
  EXPECT_EQ(groups[2].steps[0]->object.kind, "collection");
}

std::string drawn(const std::vector<TimelineEntry>& entries) {
  std::string text;
  for (const TimelineEntry& entry : entries) {
    if (!text.empty()) text += ' ';
    text += entry.skipped > 0 ? "+" + std::to_string(entry.skipped) : entry.revision.commit;
    if (entry.newest_applied) text += '*';
  }
  return text;
}

TEST(DashboardTimeline, ShowsTheNewestAndWhereTheDatabaseIs) {
  std::vector<Revision> commits;
  for (const char* id : {"h", "g", "f", "e", "d", "c", "b", "a"})
    commits.push_back({id, "", 0, ""});
  EXPECT_EQ(drawn(timeline(commits, "h", 3)), "f g h*");
  EXPECT_EQ(drawn(timeline(commits, "g", 3)), "f g* h");
  EXPECT_EQ(drawn(timeline(commits, "b", 3)), "b* +3 f g h");
  EXPECT_EQ(drawn(timeline(commits, "", 3)), "+5 f g h");
  // Not on the branch, or older than what git has told.
  EXPECT_EQ(drawn(timeline(commits, "z", 3)), "z* +5 f g h");
  EXPECT_EQ(drawn(timeline({}, "z", 3)), "z*");
}

/// What stands below the timeline of a database at `database`, where git has told `commits`, the
/// newest of them "1".
std::string said(const std::string& database, std::size_t commits, Headline headline,
                 std::string reason = "") {
  std::vector<Revision> told;
  for (std::size_t i = 1; i <= commits; ++i) told.push_back({std::to_string(i), "", 0, ""});
  TargetStatus status = target("a", headline, "");
  status.database = database;
  status.standing.reason = std::move(reason);
  const std::string html = timeline_section(status, told, test::nobody()).text();
  // Of what is not known nothing is said to those either who hear the page.
  const bool claims = html.find(">not applied<") != std::string::npos;
  const std::string before = "<p class=\"hint\">";
  const std::size_t at = html.find(before);
  if (at == std::string::npos) return claims ? "claims" : "";
  return html.substr(at + before.size(), html.find('<', at + 1) - at - before.size());
}

TEST(DashboardTimeline, CountsWhatTheDatabaseLacks) {
  EXPECT_EQ(said("1", 12, Headline::InSync), "The database has every commit of the branch.");
  EXPECT_EQ(said("2", 12, Headline::Pending), "1 commit is not applied.");
  EXPECT_EQ(said("9", 12, Headline::Held, "Conflict"), "8 commits are not applied.");
  EXPECT_EQ(said("41", 12, Headline::Pending), "12 or more commits are not applied.");
  EXPECT_EQ(said("", 3, Headline::Pending), "No commit has been applied to this database yet.");
}

TEST(DashboardTimeline, ClaimsNothingThatIsNotKnown) {
  EXPECT_EQ(said("41", 0, Headline::InSync), "") << "git has not answered";
  EXPECT_EQ(said("", 0, Headline::InSync), "");
  EXPECT_EQ(said("z", 3, Headline::Held), "") << "the branch is shorter, and the commit not on it";
  EXPECT_EQ(said("", 3, Headline::Unknown), "") << "the database cannot be reached";
  for (const char* reason : {"StaleRevision", "DivergedRevision", "UnprovenRevision"})
    EXPECT_EQ(said("z", 12, Headline::Held, reason), "") << "it is beside the branch: " << reason;
}

}  // namespace
}  // namespace reconcile::dashboard
