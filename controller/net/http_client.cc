#include "controller/net/http_client.h"

#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>

#include "controller/net/connection.h"
#include "controller/net/http_message.h"

namespace reconcile::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

Patience patience_of(const HttpLimits& limits) {
  return {.connect = limits.connect, .idle = limits.whole, .whole = limits.whole};
}

HttpResponse exchange(Connection& connection, const http::request<http::string_body>& message,
                      const HttpLimits& limits) {
  if (const error_code code = connection.run(
          [&](auto& stream, auto done) { http::async_write(stream, message, done); }))
    throw Broken{code, "it does not take the request"};
  boost::beast::flat_buffer buffer(limits.header_bytes + limits.body_bytes);
  http::response_parser<http::string_body> parser;
  parser.header_limit(limits.header_bytes);
  parser.body_limit(limits.body_bytes);
  if (const error_code code = connection.run(
          [&](auto& stream, auto done) { http::async_read(stream, buffer, parser, done); }))
    throw Broken{code, "it does not answer the request"};
  http::response<http::string_body> answer = parser.release();
  return {.status = answer.result_int(),
          .location = std::string(answer[http::field::location]),
          .retry_after = std::string(answer[http::field::retry_after]),
          .body = std::move(answer.body())};
}

Error failed(const Server& server, const Broken& broken, const HttpLimits& limits) {
  const std::string limit =
      broken.code == http::error::header_limit
          ? fmt::format("the header of its answer has more than {} bytes", limits.header_bytes)
          : fmt::format("its answer has more than {} bytes", limits.body_bytes);
  return failure(server, broken, patience_of(limits), limit);
}

}  // namespace

Result<HttpResponse> send(const Server& server, const HttpRequest& request,
                          const HttpLimits& limits, const std::string& certificate_authorities) {
  try {
    Connection connection(server, patience_of(limits), certificate_authorities);
    return exchange(connection, message_of(server, request), limits);
  } catch (const Broken& broken) {
    return failed(server, broken, limits);
  } catch (const boost::system::system_error& error) {
    return failed(server, {error.code(), "the connection cannot be set up"}, limits);
  } catch (const std::exception& error) {
    return Error{.kind = ErrorKind::Transient,
                 .where = server.name,
                 .what = "it cannot be asked",
                 .why = error.what(),
                 .next = "look at the memory of this machine"};
  }
}

}  // namespace reconcile::net
