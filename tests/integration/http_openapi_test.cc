#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "controller/http/webhook.h"
#include "tests/support/json_schema.h"
#include "tests/support/running_server.h"

namespace reconcile::test {
namespace {

using boost::json::value;

const value& document() {
  static const value parsed = boost::json::parse(http::openapi_document());
  return parsed;
}

const boost::json::object& paths() { return document().at("paths").as_object(); }

/// All examples and their schemas, wherever they are.
void check_examples(const value& part, const std::string& where, int& count) {
  if (const auto* object = part.if_object()) {
    if (object->contains("example") && object->contains("schema")) {
      ++count;
      const auto found = violations(object->at("example"), object->at("schema"), document());
      EXPECT_TRUE(found.empty()) << where << ": " << ::testing::PrintToString(found);
    }
    for (const auto& member : *object)
      check_examples(member.value(), where + "/" + std::string(member.key()), count);
  }
  if (const auto* array = part.if_array()) {
    for (const value& item : *array) check_examples(item, where, count);
  }
}

TEST(OpenApi, ExamplesAreAsTheirSchemas) {
  int count = 0;
  check_examples(document(), "", count);
  EXPECT_GT(count, 30);
}

TEST(OpenApi, HasEveryRouteAndNoOther) {
  boost::asio::io_context io;
  FakeFleet fleet;
  http::EventHub hub(io);
  std::vector<http::Route> routes = http::api_routes(fleet, hub);
  for (auto& route : http::probe_routes([] { return std::string(); })) routes.push_back(route);
  for (auto& route : http::hook_routes({})) routes.push_back(route);
  http::ControllerMetrics metrics([] { return std::vector<TargetStatus>(); });
  routes.push_back(http::metrics_route(metrics, false));
  std::size_t described = 0;
  for (const auto& path : paths()) described += path.value().as_object().size();
  EXPECT_EQ(described, routes.size());
  for (const http::Route& route : routes) {
    const std::string method = route.method == "GET" ? "get" : "post";
    ASSERT_TRUE(paths().contains(route.pattern)) << route.pattern;
    const auto& path = paths().at(route.pattern).as_object();
    ASSERT_TRUE(path.contains(method)) << route.method << " " << route.pattern;
    EXPECT_EQ(path.at(method).at("x-role").as_string(), http::name_of(route.role)) << route.pattern;
  }
}

/// What the server really answers.
TEST(OpenApi, AnswersAreAsItSays) {
  RunningServer server;
  const struct {
    std::string method, pattern, path, body;
  } cases[] = {
      {"get", "/api/v1/targets", "/api/v1/targets", ""},
      {"get", "/api/v1/targets/{target}", "/api/v1/targets/prod", ""},
      {"get", "/api/v1/targets/{target}/plan", "/api/v1/targets/prod/plan", ""},
      {"get", "/api/v1/targets/{target}/history", "/api/v1/targets/prod/history", ""},
      {"get", "/api/v1/targets/{target}/drift", "/api/v1/targets/prod/drift", ""},
      {"get", "/api/v1/targets/{target}/commits", "/api/v1/targets/prod/commits", ""},
      {"get", "/api/v1/targets/{target}/blame", "/api/v1/targets/prod/blame?object=a", ""},
      {"get", "/api/v1/targets/{target}/quarantine", "/api/v1/targets/prod/quarantine", ""},
      {"get", "/api/v1/targets/{target}", "/api/v1/targets/none", ""},
      {"post", "/api/v1/targets/{target}/reconcile", "/api/v1/targets/prod/reconcile", ""},
      {"post", "/api/v1/targets/{target}/approve", "/api/v1/targets/prod/approve",
       R"({"plan":"7"})"},
      {"post", "/api/v1/targets/{target}/approve", "/api/v1/targets/prod/approve", "{}"},
      {"post", "/api/v1/targets/{target}/suspend", "/api/v1/targets/prod/suspend",
       R"({"reason":"x"})"},
      {"post", "/api/v1/targets/{target}/resume", "/api/v1/targets/prod/resume", ""},
      {"post", "/api/v1/targets/{target}/heal", "/api/v1/targets/prod/heal", ""},
      {"post", "/api/v1/targets/{target}/restore", "/api/v1/targets/prod/restore",
       R"({"entry":7})"},
      {"post", "/api/v1/reconcile", "/api/v1/reconcile", ""},
  };
  for (const auto& entry : cases) {
    const std::string headers =
        "Authorization: Bearer approve-token\r\nContent-Type: application/json\r\n";
    const Answer answer = server.talk().ask((entry.method == "get" ? "GET " : "POST ") + entry.path,
                                            headers, entry.body);
    const auto& responses = paths().at(entry.pattern).at(entry.method).at("responses").as_object();
    ASSERT_TRUE(responses.contains(std::to_string(answer.status)))
        << entry.path << " " << answer.status << " " << answer.body;
    const value& response = resolved(responses.at(std::to_string(answer.status)), document());
    const value& schema = response.at("content").at("application/json").at("schema");
    const auto found = violations(boost::json::parse(answer.body), schema, document());
    EXPECT_TRUE(found.empty()) << entry.path << ": " << ::testing::PrintToString(found);
  }
}

}  // namespace
}  // namespace reconcile::test
