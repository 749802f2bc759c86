#include "controller/directus/instances.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace reconcile::directus {
namespace {

constexpr std::size_t longest_quote = 200;

std::string shortened(std::string text) {
  if (text.size() > longest_quote) text.replace(longest_quote, std::string::npos, "…");
  return text;
}

/// The first message of `{"errors": [{"message": …}]}`; empty where the body is something else.
std::string message_in(const std::string& body) {
  boost::system::error_code failed;
  const boost::json::value document = boost::json::parse(body, failed);
  if (failed || !document.is_object()) return {};
  const boost::json::value* errors = document.get_object().if_contains("errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  const boost::json::value& first = errors->get_array().front();
  if (!first.is_object()) return {};
  const boost::json::value* message = first.get_object().if_contains("message");
  if (message == nullptr || !message->is_string()) return {};
  return shortened(std::string(message->get_string()));
}

bool is_good(const net::HttpResponse& response) { return response.status / 100 == 2; }

/// Errors of a request that the server understood and refused.
Error refused(const std::string& name, std::string_view what, const net::HttpResponse& response) {
  Error error{.kind = ErrorKind::Terminal,
              .where = name,
              .what = std::string(what),
              .why = fmt::format("it answers {}", response.status),
              .next = "look at its log"};
  if (const std::string message = message_in(response.body); !message.empty())
    error.why += ": " + message;
  if (response.status / 100 == 3) {
    error.why += fmt::format(" and redirects to \"{}\"", shortened(response.location));
    error.next =
        "redirects are not followed, since the token would go along: write the address of "
        "the instance itself";
  } else if (response.status == 401 || response.status == 403) {
    error.next = "give the static token of an admin of this Directus";
  } else if (response.status == 404) {
    error.next = "look whether this is the address of a Directus, with its path";
  } else if (response.status == 429 || response.status >= 500) {
    error.kind = ErrorKind::Transient;
  }
  return error;
}

/// Directus' own collections have paths of their own: /users, /settings.
std::string target_of(const Probe& probe) {
  constexpr std::string_view system = "directus_";
  std::string target = probe.collection.starts_with(system)
                           ? "/" + probe.collection.substr(system.size())
                           : "/items/" + probe.collection;
  // No row is asked for: what matters is whether it knows the names.
  target += "?limit=0";
  for (std::size_t i = 0; i < probe.fields.size(); ++i)
    target += (i == 0 ? "&fields=" : ",") + probe.fields[i];
  return target;
}

class RestInstances : public Instances {
 public:
  explicit RestInstances(InstancesOptions options) : options_(std::move(options)) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const net::Server& server : options_.servers) all.push_back(server.name);
    return all;
  }

  Result<void> clear_caches(const std::string& name) override {
    // Without ?system it forgets answers, and keeps the schema.
    auto response = ask(name, {.method = "POST", .target = "/utils/cache/clear?system"});
    if (!response) return response.error();
    if (is_good(*response)) return {};
    return refused(name, "its caches could not be cleared", *response);
  }

  Result<void> check(const std::string& name, const Probe& probe) override {
    auto response = ask(name, {.target = target_of(probe)});
    if (!response) return response.error();
    // It answers so for what it does not know, an admin may see everything else.
    const bool unknown = response->status == 403 || response->status == 404;
    if (probe.served ? is_good(*response) : unknown) return {};
    if (!unknown && !is_good(*response))
      return refused(name, "it could not be asked for the new schema", *response);
    return Error{.kind = ErrorKind::Transient,
                 .where = name,
                 .what = "it has cleared its caches and still serves the old schema",
                 .why = fmt::format("GET {} answers {}", target_of(probe), response->status),
                 .next = "where several servers share this address, name each of them by its own"};
  }

 private:
  Result<net::HttpResponse> ask(const std::string& name, net::HttpRequest request) const {
    const auto server = std::ranges::find(options_.servers, name, &net::Server::name);
    if (server == options_.servers.end())
      return Error{
          .where = name, .what = "is not an instance of this target", .why = "", .next = ""};
    request.token = options_.token;
    return net::send(*server, request, options_.limits, options_.certificate_authorities);
  }

  InstancesOptions options_;
};

}  // namespace

std::unique_ptr<Instances> instances(InstancesOptions options) {
  return std::make_unique<RestInstances>(std::move(options));
}

}  // namespace reconcile::directus
