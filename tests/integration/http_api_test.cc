#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/running_server.h"

namespace reconcile::test {
namespace {

const std::string bearer = "Authorization: Bearer ";
const std::string read = bearer + "read-token\r\n";
const std::string operate = bearer + "operate-token\r\n";
const std::string approve = bearer + "approve-token\r\n";
const std::string tenant = bearer + "tenant-token\r\n";
const std::string json = "Content-Type: application/json\r\n";

std::string what_of(const Answer& answer) {
  return std::string(boost::json::parse(answer.body).at("error").at("what").as_string());
}

TEST(HttpApi, AnswersWhoMayAsk) {
  RunningServer server;
  ASSERT_TRUE(server.started);
  const struct {
    std::string line, headers, body;
    int status;
  } cases[] = {
      {"GET /healthz", "", "", 200},
      {"GET /readyz", "", "", 200},
      {"GET /metrics", "", "", 401},
      {"GET /metrics", read, "", 200},
      {"GET /api/v1/targets", "", "", 401},
      {"GET /api/v1/targets", bearer + "wrong\r\n", "", 401},
      {"GET /api/v1/targets", read, "", 200},
      {"HEAD /api/v1/targets", read, "", 200},
      {"OPTIONS /api/v1/targets", "", "", 204},
      {"DELETE /api/v1/targets", read, "", 405},
      {"GET /api/v1/nothing", read, "", 404},
      {"GET /api/v1/openapi.json", read, "", 200},
      {"GET /api/v1/targets/prod", read, "", 200},
      {"GET /api/v1/targets/prod/plan", read, "", 200},
      {"GET /api/v1/targets/prod/drift", read, "", 200},
      {"GET /api/v1/targets/prod/commits", read, "", 200},
      {"GET /api/v1/targets/prod/quarantine", read, "", 200},
      {"GET /api/v1/targets/prod/blame", read, "", 400},
      {"GET /api/v1/targets/prod/blame?object=orders.total", read, "", 200},
      {"GET /api/v1/targets/prod/history?limit=2", read, "", 200},
      {"GET /api/v1/targets/prod/history?limit=0", read, "", 400},
      {"GET /api/v1/targets/prod/history?limit=2x", read, "", 400},
      {"GET /api/v1/targets/nowhere/plan", read, "", 404},
      {"GET /api/v1/targets/prod", tenant, "", 404},
      {"GET /api/v1/targets/stage", tenant, "", 200},
      {"POST /api/v1/targets/prod/reconcile", read, "", 403},
      {"POST /api/v1/targets/prod/reconcile", operate, "", 202},
      {"POST /api/v1/targets/prod/reconcile", tenant, "", 404},
      {"POST /api/v1/reconcile", tenant, "", 202},
      {"POST /api/v1/reconcile", operate, "", 202},
      {"POST /api/v1/targets/prod/approve", operate + json, R"({"plan":"7c31"})", 403},
      {"POST /api/v1/targets/prod/approve", approve + json, R"({"reason":"x"})", 400},
      {"POST /api/v1/targets/prod/approve", approve + json, R"({"plan":7})", 400},
      {"POST /api/v1/targets/prod/approve", approve + json, R"({"plan":"7c31"})", 200},
      {"POST /api/v1/targets/prod/approve", approve, R"({"plan":"7c31"})", 400},
      {"POST /api/v1/targets/prod/approve", approve + json, R"({"plan")", 400},
      {"POST /api/v1/targets/prod/approve", approve + json, R"([])", 400},
      {"POST /api/v1/targets/prod/approve", approve + json, R"({"plan":"7c31","force":1})", 400},
      {"POST /api/v1/targets/prod/suspend", operate + json, R"({"for":"2h"})", 400},
      {"POST /api/v1/targets/prod/suspend", operate + json, R"({"reason":"x","for":"soon"})", 400},
      {"POST /api/v1/targets/prod/suspend", operate + json, R"({"reason":"x","for":"2h"})", 200},
      {"POST /api/v1/targets/prod/resume", operate, "", 200},
      {"POST /api/v1/targets/prod/heal", operate, "", 200},
      {"POST /api/v1/targets/prod/restore", operate + json, R"({"entry":"7"})", 400},
      {"POST /api/v1/targets/prod/restore", operate + json, R"({"entry":7})", 200},
  };
  for (const auto& entry : cases) {
    // A refused request with a body ends its connection.
    const Answer answer = server.talk().ask(entry.line, entry.headers, entry.body);
    EXPECT_EQ(answer.status, entry.status) << entry.line << " " << entry.body << "\n"
                                           << answer.body;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << entry.line;
    EXPECT_EQ(answer.status >= 400, answer.body.starts_with("{\"error\"")) << entry.line;
  }
  EXPECT_EQ(
      server.fleet.done(),
      (std::vector<std::string>{"look prod", "look stage", "look ", "approve prod 7c31  by anna",
                                "suspend prod x 7200 by otto", "resume prod by otto",
                                "heal prod by otto", "restore prod 7 by otto"}));
}

TEST(HttpApi, NamesMadeOfAnythingAreFoundAgain) {
  RunningServer server;
  Talk talk = server.talk();
  const std::string escaped = "%3Cb%3Ea%2Fb%22%0A%3F%23%E2%80%AE%252e";
  const Answer answer = talk.ask("GET /api/v1/targets/" + escaped, read);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(boost::json::parse(answer.body).at("target").as_string(), FakeFleet::hostile_name);
  const Answer nowhere = talk.ask("GET /api/v1/targets/%3Cscript%3E%0D%0AX-A:b", read);
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_EQ(nowhere.head.find("X-A"), std::string::npos);
}

TEST(HttpApi, ErrorsSayWhatAndWhy) {
  const std::pair<ErrorKind, int> kinds[] = {{ErrorKind::Usage, 400},
                                             {ErrorKind::Conflict, 409},
                                             {ErrorKind::Transient, 503},
                                             {ErrorKind::Terminal, 500}};
  RunningServer server;
  Talk talk = server.talk();
  for (const auto& [kind, status] : kinds) {
    server.fleet.fail({kind, "database prod", "it cannot be read", "no route", "look at it"});
    const Answer answer = talk.ask("GET /api/v1/targets/prod/plan", read);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body,
              "{\"error\":{\"where\":\"database prod\",\"what\":\"it cannot be read\",\"why\":\"no "
              "route\",\"next\":\"look at it\"}}\n");
    EXPECT_EQ(answer.header("Retry-After").empty(), status != 503);
  }
}

TEST(HttpApi, ChangesAreAudited) {
  RunningServer server;
  Talk talk = server.talk();
  talk.ask("POST /api/v1/targets/prod/approve", approve + json, R"({"plan":"7c31","reason":"r"})");
  talk.ask("POST /api/v1/targets/prod/heal", read);
  talk.ask("GET /api/v1/targets", read);
  const auto audited = server.audited();
  ASSERT_EQ(audited.size(), 2U);
  EXPECT_EQ(audited[0].who, "anna");
  EXPECT_EQ(audited[0].action, "POST /api/v1/targets/{target}/approve");
  EXPECT_EQ(audited[0].target, "prod");
  EXPECT_EQ(audited[0].status, 200U);
  EXPECT_EQ(audited[0].request, R"({"plan":"7c31","reason":"r"})");
  EXPECT_EQ(audited[1].who, "rita");
  EXPECT_EQ(audited[1].status, 403U);
}

TEST(HttpApi, WithoutTokensThisMachineMayLook) {
  RunningServer server({.tokens = {}});
  Talk talk = server.talk();
  EXPECT_EQ(talk.ask("GET /api/v1/targets").status, 200);
  const Answer refused = talk.ask("POST /api/v1/targets/prod/reconcile");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(what_of(refused), "nothing can be changed over HTTP while no tokens are configured");
  // A proxy on this machine passes on what others ask.
  EXPECT_EQ(talk.ask("GET /api/v1/targets", "X-Forwarded-For: 198.51.100.7\r\n").status, 403);
  // A page of evil.example whose name now leads here (DNS rebinding).
  talk.send("GET /api/v1/targets HTTP/1.1\r\nHost: evil.example:8484\r\n\r\n");
  EXPECT_EQ(talk.answer()->status, 421);
}

TEST(HttpApi, ABrowserLogsInAndOut) {
  RunningServer server;
  Talk talk = server.talk();
  const std::string form = "Content-Type: application/x-www-form-urlencoded\r\n";
  const std::string here = "Origin: http://localhost\r\n";
  EXPECT_EQ(talk.ask("GET /metrics", "Accept: text/html\r\n").header("Location"),
            "/login?next=%2Fmetrics");
  EXPECT_EQ(talk.ask("POST /login", form + here, "token=wrong").status, 401);
  EXPECT_EQ(server.talk()
                .ask("POST /login", form + "Origin: http://evil.example\r\n", "token=operate-token")
                .status,
            403);
  const Answer begun =
      talk.ask("POST /login", form + here, "token=operate-token&next=//evil.example");
  ASSERT_EQ(begun.status, 303);
  EXPECT_EQ(begun.header("Location"), "/");
  const std::string set = begun.header("Set-Cookie");
  EXPECT_NE(set.find("; HttpOnly; SameSite=Lax"), std::string::npos) << set;
  const std::string cookie = "Cookie: a=b; " + set.substr(0, set.find(';')) + "\r\n";
  EXPECT_EQ(talk.ask("GET /api/v1/targets", cookie).status, 200);
  // A change takes the page's origin and the session's own secret.
  const std::string heal = "POST /api/v1/targets/prod/heal";
  EXPECT_EQ(talk.ask(heal, cookie).status, 403);
  EXPECT_EQ(talk.ask(heal, cookie + here).status, 403);
  EXPECT_EQ(talk.ask(heal, cookie + here + "X-CSRF-Token: 00\r\n").status, 403);
  EXPECT_EQ(talk.ask("POST /logout", cookie + here).status, 303);
  EXPECT_EQ(talk.ask("GET /api/v1/targets", cookie).status, 401);
  EXPECT_TRUE(server.fleet.done().empty());
}

}  // namespace
}  // namespace reconcile::test
