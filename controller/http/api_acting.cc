#include <fmt/format.h>

#include "controller/http/api.h"
#include "controller/http/duration.h"
#include "controller/http/json_reply.h"
#include "controller/http/problem.h"
#include "reconcilers/render/report_json.h"
#include "reconcilers/render/status_json.h"

namespace reconcile::http {
namespace {

Reply look_at(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {});
  if (!body) return problem(body.error());
  const std::string_view target = request.parameter("target");
  const auto asked = fleet.look_again(target);
  return asked ? json_reply({{"target", boost::json::string(target)}, {"asked", true}}, 202)
               : problem(asked.error());
}

Reply look_at_all(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {});
  if (!body) return problem(body.error());
  const auto asked = look_at_all_of(fleet, request.caller);
  return asked ? json_reply({{"asked", true}}, 202) : problem(asked.error());
}

Reply approve(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {"plan", "reason"});
  if (!body) return problem(body.error());
  const auto plan = text_of(*body, "plan");
  if (!plan) return problem(plan.error());
  const auto reason = text_of(*body, "reason");
  if (!reason) return problem(reason.error());
  if (plan->empty())
    return refusal(400, "the plan to approve is not named",
                   "send {\"plan\": the plan_digest of the target, \"reason\": why}");
  const auto approval =
      fleet.approve(request.parameter("target"), *plan, *reason, request.caller.name);
  return approval ? json_reply(render::approval_json(*approval)) : problem(approval.error());
}

Reply suspend(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {"reason", "for"});
  if (!body) return problem(body.error());
  const auto reason = text_of(*body, "reason");
  if (!reason) return problem(reason.error());
  if (reason->empty())
    return refusal(400, "a suspension needs a reason",
                   "send {\"reason\": why, \"for\": how long, such as \"2h\"}");
  const auto text = text_of(*body, "for");
  if (!text) return problem(text.error());
  std::optional<std::chrono::seconds> length;
  if (!text->empty()) {
    length = duration_of(*text);
    if (!length)
      return refusal(400, fmt::format("{} is no duration", *text),
                     "write a number and s, m, h or d, such as \"90m\"");
  }
  const auto suspension =
      fleet.suspend(request.parameter("target"), *reason, length, request.caller.name);
  return suspension ? json_reply(render::suspension_json(*suspension))
                    : problem(suspension.error());
}

Reply resume(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {});
  if (!body) return problem(body.error());
  const std::string_view target = request.parameter("target");
  const auto done = fleet.resume(target, request.caller.name);
  return done ? json_reply({{"target", boost::json::string(target)}, {"resumed", true}})
              : problem(done.error());
}

Reply heal(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {});
  if (!body) return problem(body.error());
  const auto report = fleet.heal(request.parameter("target"), request.caller.name);
  return report ? json_reply(render::report_json(*report)) : problem(report.error());
}

Reply restore(Fleet& fleet, const Request& request) {
  const auto body = json_body(request, {"entry"});
  if (!body) return problem(body.error());
  const boost::json::value* entry = body->if_contains("entry");
  if (entry == nullptr || !entry->is_int64() || entry->as_int64() < 1)
    return refusal(400, "the entry of the quarantine is not named",
                   "send {\"entry\": its id}; /api/v1/targets/{target}/quarantine lists them");
  const std::string_view target = request.parameter("target");
  const auto notes = fleet.restore(target, entry->as_int64(), request.caller.name);
  if (!notes) return problem(notes.error());
  return json_reply({{"target", boost::json::string(target)},
                     {"entry", entry->as_int64()},
                     {"notes", boost::json::value_from(*notes)}});
}

}  // namespace

Result<void> look_at_all_of(Fleet& fleet, const Caller& caller) {
  if (caller.targets.empty()) return fleet.look_again("");
  for (const TargetStatus& status : fleet.targets()) {
    if (!caller.sees(status.target)) continue;
    if (auto asked = fleet.look_again(status.target); !asked) return asked;
  }
  return {};
}

std::vector<Route> acting_routes(Fleet& fleet) {
  const auto of_target = [&fleet](const char* rest, Role role, bool blocking,
                                  Reply (*act)(Fleet&, const Request&)) {
    return Route{.method = "POST",
                 .pattern = std::string("/api/v1/targets/{target}") + rest,
                 .role = role,
                 .blocking = blocking,
                 .handler = [&fleet, act](const Request& request) {
                   if (auto reply = unknown_target(fleet, request)) return std::move(*reply);
                   return act(fleet, request);
                 }};
  };
  return {of_target("/reconcile", Role::Operate, true, look_at),
          of_target("/approve", Role::Approve, true, approve),
          of_target("/suspend", Role::Operate, true, suspend),
          of_target("/resume", Role::Operate, true, resume),
          of_target("/heal", Role::Operate, true, heal),
          of_target("/restore", Role::Operate, true, restore),
          {.method = "POST",
           .pattern = "/api/v1/reconcile",
           .role = Role::Operate,
           .blocking = true,
           .handler = [&fleet](const Request& request) { return look_at_all(fleet, request); }}};
}

}  // namespace reconcile::http
