#include "controller/http/webhook.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "controller/http/json_reply.h"
#include "controller/http/problem.h"
#include "controller/http/secret.h"
#include "controller/net/hmac.h"

namespace reconcile::http {
namespace {

/// A push of many commits is larger than that, and is found by the next poll.
constexpr std::size_t hook_bytes = 1024 * 1024;

using Wall = std::chrono::system_clock::time_point;

/// `t=SECONDS,v1=HMAC`
struct TimedSignature {
  std::int64_t time = 0;
  std::string_view code;
};

std::optional<TimedSignature> timed_signature(std::string_view header) {
  TimedSignature signature;
  if (!header.starts_with("t=")) return std::nullopt;
  const char* const end = header.data() + header.size();
  const auto [rest, failed] = std::from_chars(header.data() + 2, end, signature.time);
  if (failed != std::errc()) return std::nullopt;
  const std::string_view after(rest, static_cast<std::size_t>(end - rest));
  if (!after.starts_with(",v1=")) return std::nullopt;
  signature.code = after.substr(4);
  return signature;
}

bool is_signed_in_time(const Request& request, const std::string& secret, Wall now) {
  const auto signature = timed_signature(request.header("X-Reconcile-Signature"));
  if (!signature) return false;
  const std::int64_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::int64_t life = signature_life.count();
  if (signature->time < seconds - life || signature->time > seconds + life) return false;
  return equal_in_constant_time(
      signature->code,
      net::hmac_sha256(secret, fmt::format("{}.{}", signature->time, request.body)));
}

std::string_view signature_of(HookKind kind, const Request& request) {
  if (kind == HookKind::Gitea) return request.header("X-Gitea-Signature");
  if (kind == HookKind::Generic) return request.header("X-Reconcile-Signature");
  std::string_view signature = request.header("X-Hub-Signature-256");
  constexpr std::string_view prefix = "sha256=";
  if (!signature.starts_with(prefix)) return {};
  signature.remove_prefix(prefix.size());
  return signature;
}

std::string secret_for(HookKind kind, const HookSecrets& secrets) {
  if (kind == HookKind::Gitea) return secrets.gitea;
  return kind == HookKind::GitHub ? secrets.github : secrets.generic;
}

/// "push" for the kind that has no other.
std::string_view event_of(HookKind kind, const Request& request) {
  if (kind == HookKind::Gitea) return request.header("X-Gitea-Event");
  if (kind == HookKind::GitHub) return request.header("X-GitHub-Event");
  return "push";
}

/// The id of a delivery is not signed, so what is signed is remembered too.
std::vector<std::string> marks_of(HookKind kind, const Request& request) {
  std::vector<std::string> marks{
      fmt::format("{} signed {}", name_of(kind), signature_of(kind, request))};
  const std::string_view id = kind == HookKind::Gitea    ? request.header("X-Gitea-Delivery")
                              : kind == HookKind::GitHub ? request.header("X-GitHub-Delivery")
                                                         : std::string_view();
  if (!id.empty() && id.size() <= 128) marks.push_back(fmt::format("{} id {}", name_of(kind), id));
  return marks;
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Error no_push(std::string what, std::string why) {
  return {.kind = ErrorKind::Usage,
          .where = "the delivery's body",
          .what = std::move(what),
          .why = std::move(why),
          .next = "send push events, as application/json"};
}

Reply heard(unsigned status, bool look, std::string why) {
  return json_reply({{"look", look}, {"why", std::move(why)}}, status);
}

class Receiver {
 public:
  Receiver(HookKind kind, std::shared_ptr<const Hooks> hooks,
           std::shared_ptr<Deliveries> deliveries)
      : kind_(kind), hooks_(std::move(hooks)), deliveries_(std::move(deliveries)) {}

  Reply operator()(const Request& request) const {
    const std::string secret = secret_for(kind_, hooks_->secrets());
    if (secret.empty())
      return refusal(
          404, "this webhook is off",
          fmt::format("name the file with its secret as http.{}_secret_file", name_of(kind_)));
    Reply reply = receive(request, secret);
    if (hooks_->count)
      hooks_->count(name_of(kind_), reply.status == 202   ? "accepted"
                                    : reply.status == 200 ? "ignored"
                                                          : "refused");
    return reply;
  }

 private:
  Reply receive(const Request& request, const std::string& secret) const {
    if (!is_signed(kind_, request, secret, hooks_->now()))
      return refusal(403, "the signature is not that of this body, or not of this time",
                     "give both sides the same secret, and set their clocks");
    if (event_of(kind_, request) != "push") return heard(200, false, "only pushes matter here");
    const auto push = parse_push(kind_, request.body);
    if (!push) return problem(push.error());
    const std::vector<std::string> marks = marks_of(kind_, request);
    if (!deliveries_->remember(marks)) return heard(200, false, "this delivery was heard before");
    if (hooks_->pushed(*push)) return heard(202, true, push->ref + " has moved");
    // Once a target follows it, the same delivery is worth a look.
    deliveries_->forget(marks);
    return heard(200, false, "no target follows " + push->ref + " of that repository");
  }

  HookKind kind_;
  std::shared_ptr<const Hooks> hooks_;
  std::shared_ptr<Deliveries> deliveries_;
};

}  // namespace

std::string_view name_of(HookKind kind) {
  if (kind == HookKind::Gitea) return "gitea";
  return kind == HookKind::GitHub ? "github" : "generic";
}

bool is_signed(HookKind kind, const Request& request, const std::string& secret, Wall now) {
  if (kind == HookKind::Generic) return is_signed_in_time(request, secret, now);
  return equal_in_constant_time(signature_of(kind, request),
                                net::hmac_sha256(secret, request.body));
}

Result<Push> parse_push(HookKind kind, std::string_view body) {
  boost::system::error_code code;
  const boost::json::value value = boost::json::parse(body, code);
  if (code) return no_push("it is not JSON", code.message());
  const auto* document = value.if_object();
  if (document == nullptr) return no_push("it is not a JSON object", "");
  Push push{.repositories = {}, .ref = text_at(*document, "ref"), .commit = ""};
  if (push.ref.empty() || push.ref.size() > 1024)
    return no_push("it does not say which ref moved", "");
  push.commit = text_at(*document, kind == HookKind::Generic ? "commit" : "after");
  const boost::json::value* repository = document->if_contains("repository");
  if (repository != nullptr && repository->is_string())
    push.repositories.emplace_back(repository->as_string());
  if (repository != nullptr && repository->is_object()) {
    for (const char* key : {"clone_url", "ssh_url", "git_url", "html_url"}) {
      std::string address = text_at(repository->as_object(), key);
      if (!address.empty()) push.repositories.push_back(std::move(address));
    }
  }
  if (push.repositories.empty()) return no_push("it does not say which repository it is of", "");
  return push;
}

bool Deliveries::remember(const std::vector<std::string>& marks) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::any_of(marks, [&](const std::string& mark) { return known_.contains(mark); }))
    return false;
  for (const std::string& mark : marks) {
    known_.insert(mark);
    order_.push_back(mark);
  }
  while (order_.size() > most) {
    known_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

void Deliveries::forget(const std::vector<std::string>& marks) {
  const std::lock_guard lock(mutex_);
  for (const std::string& mark : marks) {
    known_.erase(mark);
    std::erase(order_, mark);
  }
}

std::vector<Route> hook_routes(Hooks hooks) {
  const auto shared = std::make_shared<const Hooks>(std::move(hooks));
  const auto deliveries = std::make_shared<Deliveries>();
  std::vector<Route> routes;
  for (const HookKind kind : {HookKind::Gitea, HookKind::GitHub, HookKind::Generic}) {
    routes.push_back({.method = "POST",
                      .pattern = fmt::format("/hooks/{}", name_of(kind)),
                      .role = Role::Anyone,
                      .handler = Receiver(kind, shared, deliveries),
                      .body_bytes = hook_bytes});
  }
  return routes;
}

}  // namespace reconcile::http
