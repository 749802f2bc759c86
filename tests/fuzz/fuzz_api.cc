#include <cstdint>
#include <string_view>

#include "controller/http/api.h"
#include "tests/support/fake_fleet.h"

// The first byte chooses the route, the rest is its JSON body, or its query.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reconcile;
  if (size == 0) return 0;
  static test::FakeFleet fleet;
  static const std::vector<http::Route> routes = [] {
    std::vector<http::Route> all = http::reading_routes(fleet);
    for (http::Route& route : http::acting_routes(fleet)) all.push_back(std::move(route));
    return all;
  }();
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const http::Route& route = routes[data[0] % routes.size()];
  http::Request request;
  request.method = route.method;
  request.parameters = {{"target", "prod"}};
  request.headers = {{"Content-Type", "application/json"}};
  request.caller = {.name = "fuzz", .role = http::Role::Approve};
  if (route.method == "GET")
    request.query = http::pairs_of(rest);
  else
    request.body = std::string(rest);
  const http::Reply reply = route.handler(request);
  if (reply.status >= 500 || reply.body.empty()) __builtin_trap();
  return 0;
}
