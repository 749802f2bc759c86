#include "controller/http/api.h"

#include <boost/json.hpp>
#include <iterator>

#include "controller/http/problem.h"
#include "reconcilers/render/status_json.h"

namespace reconcile::http {
namespace {

Reply begin_events(EventHub& hub, const Request& request) {
  auto subscription = hub.subscribe(request, request.header("Last-Event-ID"));
  if (!subscription) return problem(429, subscription.error());
  return {.type = "text/event-stream",
          // A proxy that collects an answer before it passes it on would never end.
          .headers = {{"X-Accel-Buffering", "no"}},
          .events = std::move(*subscription)};
}

}  // namespace

Route events_route(EventHub& hub) {
  return {.method = "GET", .pattern = "/api/v1/events", .handler = [&hub](const Request& request) {
            return begin_events(hub, request);
          }};
}

Event target_event(const TargetStatus& status) {
  return {.name = "target",
          .target = status.target,
          .data = boost::json::serialize(render::target_json(status))};
}

std::vector<Route> api_routes(Fleet& fleet, EventHub& hub) {
  std::vector<Route> routes = reading_routes(fleet);
  for (Route& route : acting_routes(fleet)) routes.push_back(std::move(route));
  routes.push_back(events_route(hub));
  routes.push_back(openapi_route());
  return routes;
}

std::vector<Route> probe_routes(std::function<std::string()> not_ready) {
  return {{.method = "GET",
           .pattern = "/healthz",
           .role = Role::Anyone,
           .handler =
               [](const Request&) {
                 return Reply{.type = "text/plain; charset=utf-8", .body = "ok\n"};
               }},
          {.method = "GET",
           .pattern = "/readyz",
           .role = Role::Anyone,
           .handler = [not_ready = std::move(not_ready)](const Request&) {
             const std::string missing = not_ready();
             return Reply{.status = missing.empty() ? 200U : 503U,
                          .type = "text/plain; charset=utf-8",
                          .body = (missing.empty() ? "ready" : missing) + "\n"};
           }}};
}

}  // namespace reconcile::http
