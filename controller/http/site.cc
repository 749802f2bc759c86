#include "controller/http/site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>

#include "controller/http/problem.h"

namespace reconcile::http {
namespace {

/// Pages load nothing from elsewhere, run no inline script, and cannot be framed.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

constexpr std::size_t audited_bytes = 1024;

bool has(const Reply& reply, std::string_view name) {
  return std::ranges::any_of(
      reply.headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
}

void add_missing(Reply& reply, std::string_view name, std::string_view value) {
  if (!has(reply, name)) reply.headers.push_back({std::string(name), std::string(value)});
}

std::size_t count_of(const std::vector<Header>& headers, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); }));
}

std::optional<Reply> malformed(const Head& head) {
  const std::size_t hosts = count_of(head.headers, "Host");
  if (hosts > 1 || (hosts == 0 && !head.http_1_0))
    return refusal(400, "a request names exactly one Host", "send one Host header");
  if (count_of(head.headers, "Authorization") > 1)
    return refusal(400, "a request carries at most one token", "send one Authorization header");
  if (!head.target.starts_with('/'))
    return refusal(400, "the request's target is not a path",
                   "ask for a path, such as /api/v1/targets");
  return std::nullopt;
}

/// A person in front of a browser, who is to see a page and not a document.
bool wants_page(const Request& request) {
  return request.header("Accept").find("text/html") != std::string_view::npos &&
         !request.path.starts_with("/api/");
}

Reply to_login(const std::string& target) {
  return {.status = 303,
          .type = "text/plain; charset=utf-8",
          .headers = {{"Location", "/login?next=" + percent_encoded(target)}},
          .body = "log in at /login\n"};
}

std::string without_secrets(const Request& request) {
  if (request.path == "/login" || request.path.starts_with("/hooks/")) return {};
  std::string text;
  for (const Header& pair : request.form()) {
    if (pair.name != "csrf")
      text += fmt::format("{}{}={}", text.empty() ? "" : "&", pair.name, pair.value);
  }
  if (text.empty() && media_type(request.header("Content-Type")) == "application/json")
    text = request.body;
  text.resize(std::min(text.size(), audited_bytes));
  return text;
}

}  // namespace

std::variant<Site::Admitted, Site::Refused> Site::admit(Head head) const {
  std::optional<Reply> wrong = malformed(head);
  Request request{.method = head.method == "HEAD" ? "GET" : head.method,
                  .path = head.target.substr(0, head.target.find('?')),
                  .headers = std::move(head.headers),
                  .address = std::move(head.address),
                  .secure = head.secure};
  if (head.target == "*" && head.method == "OPTIONS")
    return Refused{std::move(request), "",
                   Reply{.status = 204, .headers = {{"Allow", "GET, HEAD, POST, OPTIONS"}}}};
  if (wrong) return Refused{std::move(request), "", std::move(*wrong)};
  if (const std::size_t question = head.target.find('?'); question != std::string::npos)
    request.query = pairs_of(std::string_view(head.target).substr(question + 1));
  Router::Found found = router_.find(head.method, request.path);
  const std::string allowed = fmt::format("{}, OPTIONS", fmt::join(found.allowed, ", "));
  if (found.allowed.empty())
    return Refused{
        std::move(request), "",
        refusal(404, "there is nothing at this path", "/api/v1/openapi.json lists what there is")};
  if (head.method == "OPTIONS")
    return Refused{std::move(request), "", Reply{.status = 204, .headers = {{"Allow", allowed}}}};
  if (found.route == nullptr) {
    Reply reply =
        refusal(405, fmt::format("this path does not take {}", head.method), "use " + allowed);
    reply.headers.push_back({"Allow", allowed});
    return Refused{std::move(request), "", std::move(reply)};
  }
  request.parameters = std::move(found.parameters);
  Access::Decision decision = access_.admit(request, found.route->role);
  request.caller = std::move(decision.caller);
  if (auto& reply = decision.refusal) {
    if (reply->status == 401 && request.method == "GET" && wants_page(request))
      *reply = to_login(head.target);
    return Refused{std::move(request), found.route->pattern, std::move(*reply)};
  }
  return Admitted{found.route, std::move(request)};
}

bool Site::still_admits(const Admitted& admitted) const {
  const Caller& then = admitted.request.caller;
  const Access::Decision now = access_.admit(admitted.request, admitted.route->role);
  return !now.refusal && now.caller.name == then.name && now.caller.targets == then.targets;
}

Reply Site::answer(const Admitted& admitted) const {
  try {
    if (admitted.route->role != Role::Anyone && !access_.meant(admitted.request))
      return refusal(403, "this form is not of the session that sends it",
                     "reload the page and send the form again");
    return admitted.route->handler(admitted.request);
  } catch (const std::exception& error) {
    return problem({.kind = ErrorKind::Terminal,
                    .where = admitted.route->pattern,
                    .what = "the request could not be answered",
                    .why = error.what(),
                    .next = "look into the log of the controller"});
  }
}

void Site::finish(const Request& request, const std::string& route,
                  std::chrono::milliseconds duration, Reply& reply) const {
  add_missing(reply, "Content-Security-Policy", content_security_policy);
  add_missing(reply, "X-Content-Type-Options", "nosniff");
  add_missing(reply, "X-Frame-Options", "DENY");
  // With no-referrer a browser would not say either where a form comes from.
  add_missing(reply, "Referrer-Policy", "same-origin");
  add_missing(reply, "Cross-Origin-Opener-Policy", "same-origin");
  add_missing(reply, "Cross-Origin-Resource-Policy", "same-origin");
  add_missing(reply, "Cache-Control", "no-store");
  if (witnesses_.access)
    witnesses_.access({.address = request.address,
                       .who = request.caller.name,
                       .method = request.method,
                       .path = request.path,
                       .route = route,
                       .status = reply.status,
                       .bytes = reply.body.size(),
                       .duration = duration});
  if (witnesses_.audit && !is_safe(request.method) && !route.empty())
    witnesses_.audit({.who = request.caller.name,
                      .address = request.address,
                      .action = fmt::format("{} {}", request.method, route),
                      .target = std::string(request.parameter("target")),
                      .status = reply.status,
                      .request = without_secrets(request)});
}

}  // namespace reconcile::http
