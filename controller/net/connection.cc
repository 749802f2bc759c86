#include "controller/net/connection.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

namespace reconcile::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::uint32_t kProxyHeaderBytes = 16 * 1024;

std::string reason(const Broken& broken, const Patience& patience, const std::string& limits) {
  const error_code& code = broken.code;
  if (!broken.why.empty()) return broken.why;
  if (code == beast::error::timeout || code == asio::error::timed_out)
    return fmt::format("no answer within {} ms", std::min(patience.idle, patience.whole).count());
  if (code == http::error::end_of_stream || code == http::error::partial_message ||
      code == asio::error::eof || code == asio::ssl::error::stream_truncated)
    return "it closed the connection";
  if (code == http::error::body_limit || code == http::error::buffer_overflow ||
      code == http::error::header_limit)
    return limits;
  return code.message();
}

bool is_address(const std::string& host) {
  error_code not_literal;
  static_cast<void>(asio::ip::make_address(host, not_literal));
  return !not_literal;
}

}  // namespace

Connection::Connection(const Server& server, const Patience& patience,
                       const std::string& certificate_authorities,
                       const std::optional<Proxy>& proxy)
    : server_(server), patience_(patience), deadline_(steady_clock::now() + patience.whole) {
  if (proxy) {
    connect(proxy->host, proxy->port);
    if (server_.tls) pass_through(*proxy);
  } else {
    connect(server_.host, server_.port);
  }
  if (server_.tls) shake_hands(certificate_authorities);
}

steady_clock::time_point Connection::next_deadline() const {
  return std::min(deadline_, steady_clock::now() + patience_.idle);
}

void Connection::connect(const std::string& host, std::uint16_t port) {
  tcp::resolver resolver(context_);
  tcp::resolver::results_type found;
  error_code code = asio::error::timed_out;
  resolver.async_resolve(host, std::to_string(port),
                         [&](const error_code& end, tcp::resolver::results_type results) {
                           code = end;
                           found = std::move(results);
                         });
  // The system's own look-up cannot be interrupted: what is left of it is waited for at the end.
  context_.run_until(next_deadline());
  resolver.cancel();
  if (code) throw Broken{code, "its name cannot be resolved"};
  // One after the other, each with a time of its own: a host may have addresses that lead nowhere.
  for (const auto& entry : found) {
    plain_.expires_at(std::min(deadline_, steady_clock::now() + patience_.connect));
    code = asio::error::timed_out;
    plain_.async_connect(entry.endpoint(), [&](const error_code& end) { code = end; });
    context_.restart();
    context_.run();
    if (!code) return;
    plain_.close();
  }
  throw Broken{code, "it cannot be reached"};
}

void Connection::pass_through(const Proxy& proxy) {
  constexpr std::string_view doing = "the proxy does not let the connection through";
  http::request<http::empty_body> message;
  message.method(http::verb::connect);
  message.target(authority_with_port(server_));
  message.set(http::field::host, authority_with_port(server_));
  if (!proxy.authorization.empty())
    message.set(http::field::proxy_authorization, proxy.authorization);
  if (const error_code code =
          run([&](auto& stream, auto done) { http::async_write(stream, message, done); }))
    throw Broken{code, doing};
  // A byte at a time is not needed: nothing follows the answer before we speak.
  beast::flat_buffer buffer(kProxyHeaderBytes);
  http::response_parser<http::empty_body> answer;
  answer.skip(true);
  if (const error_code code = run(
          [&](auto& stream, auto done) { http::async_read_header(stream, buffer, answer, done); }))
    throw Broken{code, doing};
  if (answer.get().result_int() != 200)
    throw Broken{asio::error::access_denied, doing,
                 fmt::format("{} answers with status {}", proxy.shown, answer.get().result_int())};
}

void Connection::shake_hands(const std::string& certificate_authorities) {
  trust_.emplace(asio::ssl::context::tls_client);
  trust_->set_default_verify_paths();
  if (!certificate_authorities.empty())
    trust_->add_certificate_authority(asio::buffer(certificate_authorities));
  secure_.emplace(std::move(plain_), *trust_);
  secure_->set_verify_mode(asio::ssl::verify_peer);
  secure_->set_verify_callback(asio::ssl::host_name_verification(server_.host));
  // Servers of several names choose their certificate by it; an address is no name.
  if (!is_address(server_.host))
    SSL_set_tlsext_host_name(secure_->native_handle(), server_.host.c_str());
  error_code code = asio::error::timed_out;
  lowest().expires_at(next_deadline());
  secure_->async_handshake(asio::ssl::stream_base::client,
                           [&](const error_code& end) { code = end; });
  context_.restart();
  context_.run();
  if (code) throw Broken{code, "no secure connection can be made"};
}

std::string authority_with_port(const Server& server) {
  const bool v6 = server.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", server.host, server.port)
            : fmt::format("{}:{}", server.host, server.port);
}

std::string authority_of(const Server& server) {
  const std::string whole = authority_with_port(server);
  const bool usual_port = server.port == (server.tls ? 443 : 80);
  return usual_port ? whole.substr(0, whole.rfind(':')) : whole;
}

Error failure(const Server& server, const Broken& broken, const Patience& patience,
              const std::string& limits) {
  const bool certificate = broken.code.category() == asio::error::get_ssl_category();
  return {.kind = certificate ? ErrorKind::Terminal : ErrorKind::Transient,
          .where = server.name,
          .what = std::string(broken.doing),
          .why = reason(broken, patience, limits),
          .next = certificate
                      ? "name the authority of its certificate as ca_file, and the server by a "
                        "name that the certificate has"
                      : "look whether it runs, and whether this machine gets there"};
}

}  // namespace reconcile::net
