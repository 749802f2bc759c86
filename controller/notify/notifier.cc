#include "controller/notify/notifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>

#include "controller/net/hmac.h"
#include "controller/notify/documents.h"
#include "controller/notify/text.h"

namespace reconcile::notify {
namespace {

using alerts::CommitStatus;
using alerts::Delivery;
using alerts::Notice;
using alerts::Receipt;

/// Seconds, or a date (RFC 9110, 10.2.3).
std::optional<std::chrono::seconds> asked_to_wait(const std::string& text, WallTime now) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (!text.empty() && error == std::errc() && rest == end && seconds >= 0)
    return std::chrono::seconds(std::min<std::int64_t>(seconds, 86'400));
  std::tm parts{};
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  stream >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
  if (text.empty() || stream.fail()) return std::nullopt;
  const WallTime then = std::chrono::system_clock::from_time_t(timegm(&parts));
  return std::chrono::ceil<std::chrono::seconds>(std::max(then - now, WallTime::duration(0)));
}

class HttpNotifier : public Notifier {
 public:
  explicit HttpNotifier(Options options) : options_(std::move(options)) {
    options_.server.name = "receiver " + options_.name;
    if (options_.type == Type::Gitea || options_.type == Type::Github)
      options_.server = repository_api(options_.type, std::move(options_.server));
  }

  Receipt deliver(const Delivery& delivery, WallTime now) override {
    try {
      return try_to_deliver(delivery, now);
    } catch (const std::exception& fault) {
      return {.error = Error{.kind = ErrorKind::Transient,
                             .where = options_.server.name,
                             .what = "cannot be told",
                             .why = fault.what(),
                             .next = "look at the memory of this machine"}};
    }
  }

 private:
  Receipt try_to_deliver(const Delivery& delivery, WallTime now) {
    const auto request = request_for(delivery, now);
    if (!request) return {};
    auto response =
        net::send(options_.server, *request, options_.limits, options_.certificate_authorities);
    if (!response) return {.error = patient(response.error())};
    if (response->status / 100 == 2) return {};
    return {.error = refused(*response), .wait = asked_to_wait(response->retry_after, now)};
  }

  /// Nothing where this receiver has no form for it.
  std::optional<net::HttpRequest> request_for(const Delivery& delivery, WallTime now) const {
    net::HttpRequest request{.method = "POST", .target = "", .token = options_.token};
    request.headers.push_back({"Content-Type", "application/json"});
    const auto* notice = std::get_if<Notice>(&delivery.what);
    const auto* commit = std::get_if<CommitStatus>(&delivery.what);
    if (options_.type == Type::Webhook) {
      request.body = webhook_document(delivery, options_.dashboard);
      sign(request, now);
    } else if (options_.type == Type::Gitea || options_.type == Type::Github) {
      if (commit == nullptr) return std::nullopt;
      request.target = "/statuses/" + commit->commit;
      request.body = commit_status(*commit, options_.dashboard);
    } else if (notice == nullptr) {
      return std::nullopt;
    } else if (options_.type == Type::Slack) {
      request.body = slack_message(*notice, options_.dashboard);
    } else if (options_.type == Type::Mattermost) {
      request.body = mattermost_message(*notice, options_.dashboard);
    } else {
      request.target = "/api/v2/alerts";
      request.body = alertmanager_alerts(*notice, delivery.at, options_.dashboard);
    }
    return request;
  }

  void sign(net::HttpRequest& request, WallTime now) const {
    if (options_.secret.empty()) return;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    const std::string digest =
        net::hmac_sha256(options_.secret, fmt::format("{}.{}", seconds, request.body));
    request.headers.push_back(
        {"X-Reconcile-Signature", fmt::format("t={},v1={}", seconds, digest)});
  }

  /// A certificate that is refused today may be renewed tomorrow, and the alert is still true.
  static Error patient(Error error) {
    error.kind = ErrorKind::Transient;
    return error;
  }

  Error refused(const net::HttpResponse& response) const {
    Error error{.kind = ErrorKind::Terminal,
                .where = options_.server.name,
                .what = "does not take what it is sent",
                .why = fmt::format("it answers {}{}", response.status, quoted(response.body)),
                .next = "look at its configuration here, and at its own log"};
    if (response.status / 100 == 3) {
      error.next = "redirects are not followed: give the address that it redirects to";
    } else if (response.status == 401 || response.status == 403) {
      error.next = "give a token that may do this, as token_file";
    } else if (response.status == 404 || response.status == 410) {
      error.next = "give the address that it listens at now";
    } else if (response.status == 408 || response.status == 429 || response.status >= 500) {
      error.kind = ErrorKind::Transient;
      error.next = "it is tried again";
    }
    return error;
  }

  /// What it says, unless it repeats what nobody may see.
  std::string quoted(const std::string& body) const {
    const std::string text = shortened(one_line(body), 120);
    if (text.empty()) return {};
    constexpr std::size_t telling = 8;
    for (const std::string* secret : {&options_.token, &options_.secret, &options_.server.path}) {
      for (std::size_t i = 0; i + telling <= secret->size(); i += telling) {
        if (body.find(secret->substr(i, telling)) != std::string::npos) return {};
      }
    }
    return ": " + text;
  }

  Options options_;
};

}  // namespace

net::Server repository_api(Type type, net::Server repository) {
  if (repository.path.ends_with(".git")) repository.path.resize(repository.path.size() - 4);
  const std::size_t name = repository.path.rfind('/');
  const std::size_t owner =
      name == std::string::npos || name == 0 ? 0 : repository.path.rfind('/', name - 1);
  const std::string before = repository.path.substr(0, owner);
  const std::string both = "/repos" + repository.path.substr(before.size());
  if (type == Type::Gitea) {
    repository.path = before + "/api/v1" + both;
  } else if (repository.host == "github.com") {
    repository.host = "api.github.com";
    repository.path = both;
  } else {
    repository.path = before + "/api/v3" + both;
  }
  return repository;
}

std::unique_ptr<Notifier> notifier(Options options) {
  return std::make_unique<HttpNotifier>(std::move(options));
}

}  // namespace reconcile::notify
