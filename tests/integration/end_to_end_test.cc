#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/real_directus.h"
#include "tests/support/team.h"

// The controller as a team runs it: one for three databases, git over https or ssh, a webhook at
// each push, alerts and commit statuses to servers, people at the API and the dashboard, and the
// real Directus on one of the databases.
namespace reconcile::test {
namespace {

using testing::HasSubstr;

SnapshotText titles() { return SnapshotText().collection("notes").text("notes.title"); }

std::string nullable(const TestDatabase& database, const std::string& column) {
  return database.value(
      fmt::format("select is_nullable from information_schema.columns where "
                  "table_name = 'notes' and column_name = '{}'",
                  column));
}

void a_push_is_live_and_its_commit_says_so(Team& team) {
  const std::string commit = team.push(titles().text("notes.author").str(), "Authors");
  for (const TestDatabase* database : {&team.app, &team.stage, &team.prod})
    team.eventually("the new field is live", [&] { return has_column(*database, "author"); });
  for (const char* target : {"app", "stage", "prod"}) {
    team.eventually("the commit has its status", [&] {
      return team.told("/statuses/" + commit, {"\"success\"", fmt::format("reconcile/{}", target)});
    });
  }
  const auto live = [&](const TestDatabase& database, const char* when) {
    return database.value(fmt::format(
        "select {} from reconcile.revision where applied and commit = '{}'", when, commit));
  };
  EXPECT_LT(live(team.stage, "finished_at"), live(team.prod, "started_at")) << "prod waits for it";
}

void a_change_by_hand_is_told_healed_and_over(Team& team) {
  team.eventually("it is in sync", [&] { return team.headline("app") == "in-sync"; });
  team.app.execute("alter table notes alter column title set not null");
  team.eventually("somebody is told", [&] {
    return team.told("/ops", {"\"firing\"", "app", "notes.title"});
  });
  EXPECT_EQ(team.headline("app"), "drifted");
  EXPECT_EQ(team.headline("prod"), "in-sync");
  EXPECT_EQ(team.post("/api/v1/targets/app/heal", {}), 200);
  team.eventually("it is in sync again", [&] { return team.headline("app") == "in-sync"; });
  team.eventually("it is told that it is over", [&] {
    return team.told("/ops", {"\"resolved\"", "app", "notes.title"});
  });
  EXPECT_EQ(nullable(team.app, "title"), "YES");
}

/// As a browser does: logs in, reads the page, sends its form.
void approve_at_the_dashboard(Team& team, const std::string& target, const std::string& rows) {
  const std::string form =
      "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://localhost\r\n";
  const Answer login = team.ask("POST /login", form, std::string("token=") + Team::kToken);
  ASSERT_EQ(login.status, 303) << login.body;
  const std::string set = login.header("Set-Cookie");
  const std::string cookie = fmt::format("Cookie: {}\r\n", set.substr(0, set.find(';')));
  const Answer page = team.ask(fmt::format("GET /targets/{}/approve", target), cookie);
  EXPECT_THAT(page.body, HasSubstr(rows));
  const auto field = [&](const std::string& name) {
    const std::string key = "name=\"" + name + "\" value=\"";
    const std::size_t at = page.body.find(key) + key.size();
    return page.body.substr(at, page.body.find('"', at) - at);
  };
  const Answer approved = team.ask(
      fmt::format("POST /targets/{}/approve", target), form + cookie,
      fmt::format("csrf={}&plan={}&reason=moved&confirm={}", field("csrf"), field("plan"), target));
  EXPECT_EQ(approved.status, 303) << approved.body;
}

/// Titles go with a commit: held everywhere, approved for app alone.
void a_loss_waits_for_its_approval(Team& team) {
  team.app.execute("insert into notes (id, title) values (gen_random_uuid(), 'kept')");
  team.stage.execute("insert into notes (id, title) values (gen_random_uuid(), 'untouched')");
  team.push(SnapshotText().collection("notes").str(), "No titles");
  for (const char* target : {"app", "stage"}) {
    team.eventually("it waits for an approval",
                    [&] { return team.headline(target) == "needs-approval"; });
  }
  EXPECT_TRUE(has_column(team.app, "title"));
  approve_at_the_dashboard(
      team, "app",
      team.app.value("select count(*) || case count(*) when 1 then ' row' else ' rows' end "
                     "from notes where title is not null"));
  team.eventually("the field is gone", [&] { return !has_column(team.app, "title"); });
  EXPECT_EQ(team.app.value("select actor from reconcile.approval"), "mia");
}

void what_is_gone_comes_back(Team& team) {
  const auto kept = team.get("/api/v1/targets/app/quarantine");
  const boost::json::value* entries = kept.if_contains("quarantine");
  ASSERT_NE(entries, nullptr);
  ASSERT_FALSE(entries->as_array().empty());
  for (const auto& entry : entries->as_array())
    EXPECT_EQ(team.post("/api/v1/targets/app/restore", {{"entry", entry.as_object().at("id")}}),
              200);
  EXPECT_EQ(team.app.value("select string_agg(title, ',') from notes where title = 'kept'"),
            "kept");
  EXPECT_EQ(team.stage.value("select title from notes"), "untouched");
  EXPECT_TRUE(has_column(team.prod, "title"));
}

void end_well(Team& team) {
  const Ran ran = team.end();
  EXPECT_EQ(ran.exit_code, 0) << ran;
  EXPECT_EQ(ran.err.find(Team::kToken), std::string::npos) << "a secret stands in the log";
  if (testing::Test::HasFailure()) ADD_FAILURE() << ran;
}

struct EndToEnd : testing::TestWithParam<Transport> {
  void SetUp() override {
    if (const std::string why = missing(GetParam()); !why.empty()) GTEST_SKIP() << why;
    team = std::make_unique<Team>(GetParam(), app);
  }
  void TearDown() override {
    if (team) end_well(*team);
  }
  TestDatabase app;
  std::unique_ptr<Team> team;
};

TEST_P(EndToEnd, APushIsLiveAndItsCommitSaysSo) { a_push_is_live_and_its_commit_says_so(*team); }

TEST_P(EndToEnd, AChangeByHandIsToldHealedAndOver) {
  a_change_by_hand_is_told_healed_and_over(*team);
}

TEST_P(EndToEnd, ALossIsApprovedAtTheDashboardAndComesBack) {
  a_loss_waits_for_its_approval(*team);
  what_is_gone_comes_back(*team);
}

TEST_P(EndToEnd, WhoHasNoTokenSeesAndChangesNothing) {
  EXPECT_EQ(team->ask("GET /api/v1/targets").status, 401);
  EXPECT_EQ(team->ask("GET /", "Accept: text/html\r\n").status, 303);
  EXPECT_EQ(team->ask("POST /api/v1/targets/stage/heal").status, 401);
  EXPECT_EQ(team->ask("POST /hooks/generic", "", "{}").status, 403);
  EXPECT_EQ(team->ask("GET /healthz").status, 200);
}

INSTANTIATE_TEST_SUITE_P(Over, EndToEnd, testing::Values(Transport::Https, Transport::Ssh),
                         [](const auto& test) {
                           return std::string(test.param == Transport::Ssh ? "Ssh" : "Https");
                         });

// The schema that Directus keeps in memory is another one after each of these steps; it has to hear
// of them, since nobody starts it anew.
TEST(EndToEndDirectus, ServesWhatIsPushedAndForgetsWhatIsGone) {
  for (const std::string& why : {RealDirectus::missing(), missing(Transport::Https)})
    if (!why.empty()) GTEST_SKIP() << why;
  TestDatabase app(TestServer::shared(), TestDatabase::Contents::Nothing);
  const RealDirectus directus(app);
  Team team(Transport::Https, app, directus.section());
  const auto serves = [&](const std::string& path, int status) {
    team.eventually(fmt::format("Directus answers {} to {}", status, path),
                    [&] { return directus.get(path).status == status; });
  };
  serves("/items/notes?fields=title", 200);
  EXPECT_EQ(directus.get("/fields/notes/author").status, 403);

  a_push_is_live_and_its_commit_says_so(team);
  serves("/fields/notes/author", 200);
  const Answer written = directus.post(
      "/items/notes",
      R"({"id":"6b0d5e0e-0f8e-4d0a-9d0e-2f6f3c1f7a11","title":"first","author":"ada"})");
  EXPECT_EQ(written.status, 200) << written.body;
  EXPECT_EQ(app.value("select author from notes"), "ada");

  a_change_by_hand_is_told_healed_and_over(team);
  a_loss_waits_for_its_approval(team);
  serves("/items/notes?fields=title", 403);
  what_is_gone_comes_back(team);
  serves("/items/notes?fields=title", 200);
  EXPECT_THAT(directus.get("/items/notes?fields=title").body, HasSubstr("kept"));
  end_well(team);
}

}  // namespace
}  // namespace reconcile::test
