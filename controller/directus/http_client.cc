#include "controller/directus/http_client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>
#include <string_view>

namespace reconcile::directus {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Time = std::chrono::steady_clock::time_point;

/// What goes wrong between two hosts, as an exception within this file.
struct Broken {
  error_code code;
  std::string_view doing;
};

/// One request and its answer. Asio's operations have time limits only in their asynchronous form,
/// so each is started and then waited for.
class Exchange {
 public:
  Exchange(const Server& server, const HttpLimits& limits)
      : server_(server),
        limits_(limits),
        deadline_(std::chrono::steady_clock::now() + limits.whole) {}

  HttpResponse run(const HttpRequest& request, const std::string& certificate_authorities) {
    beast::tcp_stream stream(context_);
    connect(stream);
    if (!server_.tls) return talk(stream, request);
    asio::ssl::context trust(asio::ssl::context::tls_client);
    trust.set_default_verify_paths();
    if (!certificate_authorities.empty())
      trust.add_certificate_authority(asio::buffer(certificate_authorities));
    beast::ssl_stream<beast::tcp_stream> secure(std::move(stream), trust);
    shake_hands(secure);
    return talk(secure, request);
  }

 private:
  /// Runs one operation to its end; `start` gets the handler for it.
  template <class Start>
  error_code wait_for(Start start) {
    error_code result = asio::error::timed_out;
    start([&](const error_code& code, auto&&...) { result = code; });
    context_.restart();
    context_.run();
    return result;
  }

  void connect(beast::tcp_stream& stream) {
    tcp::resolver resolver(context_);
    tcp::resolver::results_type found;
    error_code code = asio::error::timed_out;
    resolver.async_resolve(server_.host, std::to_string(server_.port),
                           [&](const error_code& end, tcp::resolver::results_type results) {
                             code = end;
                             found = std::move(results);
                           });
    // The system's own look-up cannot be interrupted: what is left of it is waited for at the end.
    context_.run_until(deadline_);
    resolver.cancel();
    if (code) throw Broken{code, "its name cannot be resolved"};
    // One after the other, each with a time of its own: a host may have addresses that lead
    // nowhere.
    for (const auto& entry : found) {
      stream.expires_at(std::min(deadline_, std::chrono::steady_clock::now() + limits_.connect));
      code = wait_for([&](auto done) { stream.async_connect(entry.endpoint(), done); });
      if (!code) return;
      stream.close();
    }
    throw Broken{code, "it cannot be reached"};
  }

  void shake_hands(beast::ssl_stream<beast::tcp_stream>& stream) {
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification(server_.host));
    error_code literal;
    static_cast<void>(asio::ip::make_address(server_.host, literal));
    // Servers of several names choose their certificate by it; an address is no name.
    if (literal) SSL_set_tlsext_host_name(stream.native_handle(), server_.host.c_str());
    beast::get_lowest_layer(stream).expires_at(deadline_);
    const error_code code =
        wait_for([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
    if (code) throw Broken{code, "no secure connection can be made"};
  }

  template <class Stream>
  HttpResponse talk(Stream& stream, const HttpRequest& request) {
    http::request<http::empty_body> message(request.post ? http::verb::post : http::verb::get,
                                            server_.path + request.target, 11);
    const bool v6 = server_.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + server_.host + "]" : server_.host;
    const bool usual_port = server_.port == (server_.tls ? 443 : 80);
    message.set(http::field::host, usual_port ? host : fmt::format("{}:{}", host, server_.port));
    message.set(http::field::user_agent, "reconcile/" RECONCILE_VERSION);
    message.set(http::field::accept, "application/json");
    message.set(http::field::connection, "close");
    if (!request.token.empty()) message.set(http::field::authorization, "Bearer " + request.token);
    if (request.post) message.content_length(0);
    beast::get_lowest_layer(stream).expires_at(deadline_);
    if (const error_code code =
            wait_for([&](auto done) { http::async_write(stream, message, done); }))
      throw Broken{code, "it does not take the request"};
    beast::flat_buffer buffer(limits_.header_bytes + limits_.body_bytes);
    http::response_parser<http::string_body> parser;
    parser.header_limit(limits_.header_bytes);
    parser.body_limit(limits_.body_bytes);
    if (const error_code code =
            wait_for([&](auto done) { http::async_read(stream, buffer, parser, done); }))
      throw Broken{code, "it does not answer the request"};
    http::response<http::string_body> answer = parser.release();
    return {.status = answer.result_int(),
            .location = std::string(answer[http::field::location]),
            .body = std::move(answer.body())};
  }

  const Server& server_;
  const HttpLimits& limits_;
  const Time deadline_;
  asio::io_context context_{1};
};

std::string reason(const error_code& code, const HttpLimits& limits) {
  if (code == beast::error::timeout || code == asio::error::timed_out)
    return fmt::format("no answer within {} ms", limits.whole.count());
  if (code == http::error::end_of_stream || code == http::error::partial_message ||
      code == asio::error::eof || code == asio::ssl::error::stream_truncated)
    return "it closed the connection";
  if (code == http::error::body_limit || code == http::error::buffer_overflow)
    return fmt::format("its answer has more than {} bytes", limits.body_bytes);
  if (code == http::error::header_limit)
    return fmt::format("the header of its answer has more than {} bytes", limits.header_bytes);
  return code.message();
}

Error failure(const Server& server, const Broken& broken, const HttpLimits& limits) {
  const bool certificate = broken.code.category() == asio::error::get_ssl_category();
  return {.kind = certificate ? ErrorKind::Terminal : ErrorKind::Transient,
          .where = server.name,
          .what = std::string(broken.doing),
          .why = reason(broken.code, limits),
          .next = certificate
                      ? "name the authority of its certificate as ca_file, and the server by a "
                        "name that the certificate has"
                      : "look whether it runs, and whether this machine gets there"};
}

}  // namespace

Result<HttpResponse> send(const Server& server, const HttpRequest& request,
                          const HttpLimits& limits, const std::string& certificate_authorities) {
  try {
    return Exchange(server, limits).run(request, certificate_authorities);
  } catch (const Broken& broken) {
    return failure(server, broken, limits);
  } catch (const boost::system::system_error& error) {
    return failure(server, {error.code(), "the connection cannot be set up"}, limits);
  } catch (const std::exception& error) {
    return Error{.kind = ErrorKind::Transient,
                 .where = server.name,
                 .what = "it cannot be asked",
                 .why = error.what(),
                 .next = "look at the memory of this machine"};
  }
}

}  // namespace reconcile::directus
