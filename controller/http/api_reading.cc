#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "controller/http/api.h"
#include "controller/http/json_reply.h"
#include "controller/http/problem.h"
#include "reconcilers/render/report_json.h"
#include "reconcilers/render/status_json.h"

namespace reconcile::http {
namespace {

constexpr std::size_t usual_limit = 50;
constexpr std::size_t highest_limit = 1000;

/// `?limit=`, or nothing where it is none.
std::optional<std::size_t> limit_of(const Request& request) {
  const auto text = request.asked("limit");
  if (!text) return usual_limit;
  std::size_t limit = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (code != std::errc() || end != text->data() + text->size()) return std::nullopt;
  if (limit == 0 || limit > highest_limit) return std::nullopt;
  return limit;
}

Reply wrong_limit() {
  return refusal(400, "limit is not a number from 1 to 1000", "write ?limit=50");
}

/// A route of one target: its handler is called where the caller may see that target.
Route of_target(Fleet& fleet, std::string_view rest, bool blocking,
                std::function<Reply(const Request&)> handler) {
  return {.method = "GET",
          .pattern = "/api/v1/targets/{target}" + std::string(rest),
          .role = Role::Read,
          .blocking = blocking,
          .handler = [&fleet, handler = std::move(handler)](const Request& request) {
            if (auto reply = unknown_target(fleet, request)) return std::move(*reply);
            return handler(request);
          }};
}

Reply list_targets(const Fleet& fleet, const Request& request) {
  std::vector<TargetStatus> targets = fleet.targets();
  std::erase_if(targets,
                [&](const TargetStatus& status) { return !request.caller.sees(status.target); });
  return json_reply(render::targets_json(targets));
}

/// The status, and the last pass that had something to say.
Reply show_target(const Fleet& fleet, const Request& request) {
  const auto status = fleet.target(request.parameter("target"));
  if (!status) return refusal(404, "this target has just gone", "ask for /api/v1/targets");
  boost::json::object document = render::target_json(*status);
  document["report"] = status->report ? boost::json::value(render::report_json(*status->report))
                                      : boost::json::value(nullptr);
  return json_reply(document);
}

Reply drift_reply(const std::string& target, WallTime compared, const std::vector<Drift>& drift) {
  return json_reply({{"target", target},
                     {"checked", render::time_json(compared)},
                     {"drift", render::drift_json(drift)}});
}

Reply drift_of_now(Fleet& fleet, const std::string& target) {
  const auto report = fleet.plan(target);
  if (!report) return problem(report.error());
  if (const auto* failed = std::get_if<Failed>(&report->outcome)) return problem(failed->error);
  return drift_reply(target, has_compared(*report) ? std::chrono::system_clock::now() : WallTime{},
                     report->plan.drift);
}

/// From the last pass that compared, so that nobody waits for the database.
Reply show_drift(Fleet& fleet, const Request& request) {
  const auto status = fleet.target(request.parameter("target"));
  if (!status) return refusal(404, "this target has just gone", "ask for /api/v1/targets");
  if (status->compared == WallTime{}) return drift_of_now(fleet, status->target);
  return drift_reply(status->target, status->compared,
                     status->report ? status->report->plan.drift : std::vector<Drift>());
}

Reply show_history(Fleet& fleet, const Request& request) {
  const auto limit = limit_of(request);
  if (!limit) return wrong_limit();
  const std::string_view target = request.parameter("target");
  const auto attempts = fleet.history(target, *limit);
  return attempts ? json_reply(render::history_json(target, *attempts)) : problem(attempts.error());
}

Reply show_commits(Fleet& fleet, const Request& request) {
  const auto limit = limit_of(request);
  if (!limit) return wrong_limit();
  const std::string_view target = request.parameter("target");
  const auto revisions = fleet.commits(target, *limit);
  if (!revisions) return problem(revisions.error());
  boost::json::array commits;
  for (const Revision& revision : *revisions) commits.push_back(render::commit_json(revision));
  return json_reply({{"target", boost::json::string(target)}, {"commits", std::move(commits)}});
}

Reply show_blame(Fleet& fleet, const Request& request) {
  const auto object = request.asked("object");
  if (!object || object->empty())
    return refusal(400, "the object to blame is not named", "write ?object=TABLE.COLUMN");
  const std::string_view target = request.parameter("target");
  const auto records = fleet.blame(target, *object);
  if (!records) return problem(records.error());
  boost::json::array objects;
  for (const ObjectRecord& record : *records) objects.push_back(render::object_json(record));
  return json_reply({{"target", boost::json::string(target)}, {"objects", std::move(objects)}});
}

Reply show_quarantine(Fleet& fleet, const Request& request) {
  const std::string_view target = request.parameter("target");
  const auto entries = fleet.quarantine(target);
  return entries ? json_reply(render::quarantine_json(target, *entries)) : problem(entries.error());
}

}  // namespace

std::optional<Reply> unknown_target(const Fleet& fleet, const Request& request) {
  const std::string_view target = request.parameter("target");
  if (request.caller.sees(target) && fleet.target(target)) return std::nullopt;
  return refusal(404, fmt::format("there is no target {}", target),
                 "/api/v1/targets lists what there is");
}

std::vector<Route> reading_routes(Fleet& fleet) {
  const auto plan = [&fleet](const Request& request) {
    const auto report = fleet.plan(request.parameter("target"));
    return report ? json_reply(render::report_json(*report)) : problem(report.error());
  };
  const auto bound = [&fleet](Reply (*show)(Fleet&, const Request&)) {
    return [&fleet, show](const Request& request) { return show(fleet, request); };
  };
  return {{.method = "GET",
           .pattern = "/api/v1/targets",
           .handler = [&fleet](const Request& request) { return list_targets(fleet, request); }},
          of_target(fleet, "", false,
                    [&fleet](const Request& request) { return show_target(fleet, request); }),
          of_target(fleet, "/plan", true, plan),
          of_target(fleet, "/history", true, bound(show_history)),
          of_target(fleet, "/drift", true, bound(show_drift)),
          of_target(fleet, "/commits", true, bound(show_commits)),
          of_target(fleet, "/blame", true, bound(show_blame)),
          of_target(fleet, "/quarantine", true, bound(show_quarantine))};
}

}  // namespace reconcile::http
