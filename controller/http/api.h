#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "controller/http/access.h"
#include "controller/http/events.h"
#include "controller/http/router.h"
#include "reconcilers/ports/fleet.h"

namespace reconcile::http {

/// /api/v1: what the fleet knows, what it can be asked, and what it can be told. The hub and the
/// fleet outlive the routes.
std::vector<Route> api_routes(Fleet& fleet, EventHub& hub);

/// The parts of it; api_routes() has them all.
std::vector<Route> reading_routes(Fleet& fleet);
std::vector<Route> acting_routes(Fleet& fleet);
Route events_route(EventHub& hub);
/// GET /api/v1/openapi.json: what there is, for programs.
Route openapi_route();
std::string_view openapi_document();

/// What the API says of one target that has changed, for EventHub::publish.
Event target_event(const TargetStatus& status);

/// GET /healthz: answered by the I/O thread itself, so an answer says that it turns.
/// GET /readyz: 200 where `not_ready` is empty, otherwise 503 with what it says is missing.
std::vector<Route> probe_routes(std::function<std::string()> not_ready);

/// POST /login with the form field `token` (and `next`, a path here) begins a browser's session,
/// POST /logout ends it. `page` renders what a person sees who could not be let in: a sentence and
/// the path to go on to.
using LoginPage = std::function<std::string(std::string_view message, std::string_view next)>;
std::vector<Route> login_routes(Access& access, LoginPage page);

/// All targets that the caller may see are looked at again.
Result<void> look_at_all_of(Fleet& fleet, const Caller& caller);

/// 404 where there is no such target, or the caller may not see it; nothing otherwise.
std::optional<Reply> unknown_target(const Fleet& fleet, const Request& request);

}  // namespace reconcile::http
