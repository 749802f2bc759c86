#include "controller/net/http_message.h"

#include "controller/net/connection.h"

namespace reconcile::net {

namespace http = boost::beast::http;

http::request<http::string_body> message_of(const Server& server, const HttpRequest& request) {
  http::request<http::string_body> message;
  message.method_string(request.method);
  // An address without a path means its root: a request line has to name something.
  const std::string target = server.path + request.target;
  message.target(target.empty() ? "/" : target);
  message.set(http::field::host, authority_of(server));
  message.set(http::field::user_agent, "reconcile/" RECONCILE_VERSION);
  message.set(http::field::accept, "application/json");
  message.set(http::field::connection, "close");
  if (!request.token.empty()) message.set(http::field::authorization, "Bearer " + request.token);
  for (const HttpHeader& header : request.headers) message.set(header.name, header.value);
  message.body() = request.body;
  if (request.method != "GET") message.prepare_payload();
  return message;
}

}  // namespace reconcile::net
