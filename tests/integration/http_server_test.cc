#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/poll.h"
#include "tests/support/running_server.h"

namespace reconcile::test {
namespace {

using namespace std::chrono_literals;

const std::string read = "Authorization: Bearer read-token\r\n";
const std::string head = " HTTP/1.1\r\nHost: localhost\r\n" + read;

http::ServerOptions limits(http::Limits limits) { return {.limits = limits}; }

TEST(HttpServer, KeepsConnectionsAndTheirOrder) {
  RunningServer server;
  Talk talk = server.talk();
  talk.send("GET /api/v1/targets/prod/plan" + head + "\r\nGET /healthz" + head +
            "\r\nHEAD /healthz" + head + "\r\nGET /nothing" + head + "Connection: close\r\n\r\n");
  EXPECT_NE(talk.answer()->body.find("plan_digest"), std::string::npos);
  EXPECT_EQ(talk.answer()->body, "ok\n");
  const auto headers = talk.answer(true);
  EXPECT_EQ(headers->status, 200);
  EXPECT_EQ(headers->header("Content-Length"), "3");
  EXPECT_EQ(talk.answer()->status, 404);
  EXPECT_EQ(talk.rest(), "");
}

TEST(HttpServer, WhatIsNoRequestIsRefused) {
  RunningServer server;
  const std::string big(20'000, 'x');
  const std::pair<std::string, int> cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/9.9\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET http://localhost/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + big + "\r\n\r\n", 431},
      {"GET /" + big + " HTTP/1.1\r\nHost: a\r\n\r\n", 431},
      {"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413},
      {"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + big +
           "\r\n0\r\n\r\n",
       413},
      {"POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
  };
  for (const auto& [bytes, status] : cases) {
    Talk talk = server.talk();
    talk.send(bytes);
    const auto answer = talk.answer();
    ASSERT_TRUE(answer) << bytes.substr(0, 80);
    EXPECT_EQ(answer->status, status) << bytes.substr(0, 80);
    EXPECT_EQ(answer->header("Connection"), "close") << bytes.substr(0, 80);
    talk.rest();
  }
  EXPECT_EQ(server.talk().ask("GET /healthz").status, 200);
}

TEST(HttpServer, SlowClientsAreCut) {
  http::Limits short_ones;
  short_ones.header = 100ms;
  short_ones.body = 100ms;
  short_ones.idle = 100ms;
  RunningServer server({.server = limits(short_ones)});
  // Nothing at all, half a header, half a body, and nothing after a first request.
  const std::vector<std::string> cases{"", "GET /healthz HTTP/1.1\r\nHo",
                                       "POST /login" + head + "Content-Length: 9\r\n\r\nab",
                                       "GET /healthz" + head + "\r\n"};
  for (const std::string& bytes : cases) {
    Talk talk = server.talk();
    talk.send(bytes);
    const std::string said = talk.rest();
    EXPECT_EQ(said.empty(), !bytes.starts_with("GET /healthz HTTP/1.1\r\nHost")) << bytes;
  }
}

TEST(HttpServer, ServesFiveHundredAtATime) {
  http::Limits many;
  many.connections_per_address = 600;
  RunningServer server({.server = limits(many)});
  std::vector<Talk> talks;
  for (int i = 0; i < 500; ++i) talks.push_back(server.talk());
  for (Talk& talk : talks) talk.send("GET /api/v1/targets" + head + "\r\n");
  for (Talk& talk : talks) EXPECT_EQ(talk.answer()->status, 200);
  EXPECT_EQ(server.connections(), 500U);
}

TEST(HttpServer, TakesSoManyConnectionsAndNoMore) {
  http::Limits few;
  few.connections = 3;
  few.connections_per_address = 2;
  RunningServer server({.server = limits(few)});
  Talk first = server.talk();
  Talk second = server.talk();
  EXPECT_EQ(first.ask("GET /healthz").status, 200);
  EXPECT_EQ(second.ask("GET /healthz").status, 200);
  EXPECT_NE(server.talk().rest().find("503"), std::string::npos);
  Talk other = server.talk("127.0.0.2");
  EXPECT_EQ(other.ask("GET /healthz").status, 200);
  EXPECT_NE(server.talk("127.0.0.3").rest().find("503"), std::string::npos);
}

TEST(HttpServer, WaitingForADatabaseHoldsNobodyUp) {
  RunningServer server;
  server.fleet.hold_plans();
  Talk slow = server.talk();
  slow.send("GET /api/v1/targets/prod/plan" + head + "\r\n");
  server.fleet.wait_for_plan();
  EXPECT_EQ(server.talk().ask("GET /healthz").status, 200);
  EXPECT_EQ(server.talk().ask("GET /api/v1/targets", read).status, 200);
  server.fleet.release_plans();
  EXPECT_EQ(slow.answer()->status, 200);
}

// Announced bodies that never come hold what there is for large ones. What a person sends is small.
TEST(HttpServer, ManyLargeBodiesKeepNoSmallOneOut) {
  http::Limits tight;
  tight.bodies_bytes = 100'000;
  const auto taken = [](const http::Request&) { return http::Reply{.status = 204}; };
  RunningServer server({.server = limits(tight),
                        .more_routes = {{.method = "POST",
                                         .pattern = "/large",
                                         .role = http::Role::Anyone,
                                         .handler = taken,
                                         .body_bytes = 65'536}}});
  const std::string announced = "POST /large" + head + "Content-Length: 60000\r\n";
  Talk first = server.talk();
  first.send(announced + "Expect: 100-continue\r\n\r\n");
  first.until("100 Continue");
  Talk second = server.talk();
  second.send(announced + "\r\n");
  second.until("503");
  EXPECT_EQ(server.talk().ask("POST /large", read, "small").status, 204);
}

TEST(HttpServer, FinishesWhatIsUnderWayWhenItStops) {
  RunningServer server;
  server.fleet.hold_plans();
  Talk idle = server.talk();
  EXPECT_EQ(idle.ask("GET /healthz").status, 200);
  Talk events = server.talk();
  events.send("GET /api/v1/events" + head + "\r\n");
  events.until("retry: 2000\n\n");
  Talk slow = server.talk();
  slow.send("GET /api/v1/targets/prod/plan" + head + "\r\n");
  server.fleet.wait_for_plan();
  auto stopped = server.stop(10s);
  EXPECT_EQ(idle.rest(), "");
  events.rest();
  server.fleet.release_plans();
  const auto answer = slow.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("Connection"), "close");
  slow.rest();
  EXPECT_EQ(stopped.wait_for(10s), std::future_status::ready);
}

TEST(HttpServer, CutsWhatDoesNotEnd) {
  RunningServer server;
  server.fleet.hold_plans();
  Talk slow = server.talk();
  slow.send("GET /api/v1/targets/prod/plan" + head + "\r\n");
  server.fleet.wait_for_plan();
  auto stopped = server.stop(50ms);
  EXPECT_EQ(slow.rest(), "");
  server.fleet.release_plans();
  EXPECT_EQ(stopped.wait_for(10s), std::future_status::ready);
}

TEST(HttpServer, SaysWhereItCannotListen) {
  boost::asio::io_context io;
  boost::asio::thread_pool pool(1);
  http::Access access({});
  const http::Site site(http::Router(), access, {});
  http::Server first(io, pool, {.listeners = {{"127.0.0.1", 0}, {"127.0.0.1", 0}}}, site);
  ASSERT_TRUE(first.start());
  ASSERT_EQ(first.addresses().size(), 2U);
  const std::string taken = first.addresses()[1];
  const auto port = static_cast<std::uint16_t>(std::stoi(taken.substr(taken.rfind(':') + 1)));
  http::Server second(io, pool, {.listeners = {{"127.0.0.1", 0}, {"127.0.0.1", port}}}, site);
  const auto refused = second.start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Usage);
  EXPECT_EQ("http://" + refused.error().where, taken);
  EXPECT_TRUE(second.addresses().empty());
  http::Server nowhere(io, pool, {.listeners = {{"localhost", 0}}}, site);
  EXPECT_FALSE(nowhere.start());
  pool.join();
}

// ---- events

TEST(HttpEvents, ComeAsTheyHappenAndAreJoined) {
  RunningServer server({.events = {.pause = 50ms}});
  Talk talk = server.talk();
  talk.send("GET /api/v1/events" + head + "\r\n");
  const std::string start = talk.until("retry: 2000\n\n");
  EXPECT_NE(start.find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(start.find("Cache-Control: no-store"), std::string::npos);
  EXPECT_NE(start.find("X-Accel-Buffering: no"), std::string::npos);
  server.hub.publish({"target", "prod", "{\"n\":0}"});
  talk.until("data: {\"n\":0}\n\n");
  for (int i = 1; i <= 50; ++i)
    server.hub.publish({"target", "prod", "{\"n\":" + std::to_string(i) + "}"});
  const std::string joined = talk.until("data: {\"n\":50}\n\n");
  EXPECT_LT(std::count(joined.begin(), joined.end(), '{'), 10);
}

TEST(HttpEvents, AReaderComesBack) {
  RunningServer server({.events = {.pause = 1ms, .events = 3}});
  Talk first = server.talk();
  first.send("GET /api/v1/events" + head + "\r\n");
  first.until("retry: 2000\n\n");
  std::string id;
  for (const char* name : {"a", "b", "c", "d"}) {
    server.hub.publish({"target", "prod", name});
    const std::string text = first.until(std::string("data: ") + name + "\n\n");
    if (*name == 'b')
      id = text.substr(text.find("id: ") + 4, text.find("\nevent") - text.find("id: ") - 4);
  }
  Talk back = server.talk();
  back.send("GET /api/v1/events" + head + "Last-Event-ID: " + id + "\r\n\r\n");
  const std::string missed = back.until("data: d\n\n");
  EXPECT_NE(missed.find("data: c\n"), std::string::npos);
  EXPECT_EQ(missed.find("data: b\n"), std::string::npos);
  EXPECT_EQ(missed.find("reset"), std::string::npos);
  const std::vector<std::string> unknowns{"1-1", id.substr(0, 9) + "0", "x", id + "99"};
  for (const std::string& unknown : unknowns) {
    Talk late = server.talk();
    late.send("GET /api/v1/events" + head + "Last-Event-ID: " + unknown + "\r\n\r\n");
    late.until("event: reset\ndata: {}\n\n");
  }
}

TEST(HttpEvents, AreOfTargetsThatTheReaderSees) {
  RunningServer server({.events = {.pause = 1ms}});
  Talk talk = server.talk();
  talk.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer tenant-token\r\n\r\n");
  talk.until("retry: 2000\n\n");
  server.hub.publish({"target", "prod", "secret"});
  server.hub.publish({"target", "stage", "seen"});
  EXPECT_EQ(talk.until("seen\n\n").find("secret"), std::string::npos);
}

TEST(HttpEvents, HaveAHeartbeatAndAnEnd) {
  http::Limits short_ones;
  short_ones.heartbeat = 20ms;
  short_ones.stream = 200ms;
  RunningServer server({.server = limits(short_ones)});
  Talk talk = server.talk();
  talk.send("GET /api/v1/events" + head + "\r\n");
  EXPECT_NE(talk.rest().find(": still here\n\n"), std::string::npos);
}

// Of a busy fleet there is always something new, so no heartbeat comes to look at the time.
TEST(HttpEvents, EndWhereSomethingAlwaysHappens) {
  http::Limits short_ones;
  short_ones.stream = 200ms;
  RunningServer server({.events = {.pause = 1ms}, .server = limits(short_ones)});
  Talk talk = server.talk();
  talk.send("GET /api/v1/events" + head + "\r\n");
  talk.until("retry");
  EXPECT_TRUE(within(10s, [&] {
    server.hub.publish({"target", "prod", "{}"});
    return server.connections() == 0;
  }));
}

TEST(HttpEvents, EndWithTheTokenThatAskedForThem) {
  RunningServer server({.events = {.pause = 1ms}});
  Talk talk = server.talk();
  talk.send("GET /api/v1/events" + head + "\r\n");
  talk.until("retry");
  server.hub.publish({"target", "prod", "before"});
  talk.until("before");
  auto tokens = tokens_of_all_roles();
  std::erase_if(tokens, [](const http::Token& token) { return token.name == "rita"; });
  server.access.replace(std::move(tokens));
  server.hub.publish({"target", "prod", "afterwards"});
  EXPECT_EQ(talk.rest().find("afterwards"), std::string::npos);
}

TEST(HttpEvents, AreLimitedByCaller) {
  RunningServer server({.events = {.subscriptions_per_caller = 2}});
  std::vector<Talk> talks;
  for (int i = 0; i < 2; ++i) {
    talks.push_back(server.talk());
    talks.back().send("GET /api/v1/events" + head + "\r\n");
    talks.back().until("retry");
  }
  EXPECT_EQ(server.talk().ask("GET /api/v1/events", read).status, 429);
  Talk other = server.talk();
  other.send(
      "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer tenant-token\r\n\r\n");
  other.until("retry");
}

TEST(HttpEvents, ASlowReaderIsCut) {
  http::Limits short_ones;
  short_ones.write = 200ms;
  RunningServer server({.events = {.pause = 1ms, .events = 8}, .server = limits(short_ones)});
  Talk slow = server.talk();
  slow.send("GET /api/v1/events" + head + "\r\n");
  slow.until("retry");
  const std::string large(256 * 1024, 'x');
  // It reads nothing; what it has not read is never more than the ring.
  while (server.connections() == 1) server.hub.publish({"target", "prod", large});
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace reconcile::test
