#include <boost/json.hpp>

#include "controller/http/api.h"
#include "controller/http/problem.h"

namespace reconcile::http {
namespace {

Reply see(std::string place, Header cookie) {
  return {.status = 303,
          .type = "text/plain; charset=utf-8",
          .headers = {{"Location", std::move(place)}, std::move(cookie)},
          .body = "\n"};
}

/// A path of this server, and nothing that a browser takes for another one ("//host", "/\host").
std::string local_path(const std::string& next) {
  const bool local = next.starts_with('/') && !next.starts_with("//") &&
                     next.find_first_of("\\\r\n\t ") == std::string::npos;
  return local ? next : "/";
}

/// The sentence of a refusal.
std::string sentence_of(const Reply& refused) {
  const boost::json::value document = boost::json::parse(refused.body);
  const boost::json::object& error = document.at("error").as_object();
  return std::string(error.at("what").as_string()) + "; " +
         std::string(error.at("next").as_string());
}

}  // namespace

std::vector<Route> login_routes(Access& access, LoginPage page) {
  const auto log_in = [&access, page = std::move(page)](const Request& request) {
    const std::string next = local_path(request.field("next").value_or("/"));
    auto session = access.log_in(request, request.field("token").value_or(""));
    if (auto* begun = std::get_if<Access::Session>(&session))
      return see(next, std::move(begun->cookie));
    auto& refused = std::get<Reply>(session);
    refused.body = page(sentence_of(refused), next);
    refused.type = "text/html; charset=utf-8";
    return std::move(refused);
  };
  return {{.method = "POST", .pattern = "/login", .role = Role::Anyone, .handler = log_in},
          {.method = "POST",
           .pattern = "/logout",
           .role = Role::Anyone,
           .handler = [&access](const Request& request) {
             return see("/login", access.log_out(request));
           }}};
}

}  // namespace reconcile::http
