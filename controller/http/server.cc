#include "controller/http/server.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/ssl/context.hpp>
#include <list>
#include <utility>

#include "controller/http/connection.h"
#include "controller/http/shared.h"

namespace reconcile::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsContext = std::shared_ptr<asio::ssl::context>;

/// How long nothing is accepted after the system had no descriptor left for it.
constexpr std::chrono::milliseconds breath{100};

constexpr std::string_view full =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    "Content-Type: text/plain\r\nContent-Length: 53\r\n\r\n"
    "Too many connections are open already; wait a little\n";

Error usage(std::string where, std::string what, std::string why, std::string next) {
  return {.kind = ErrorKind::Usage,
          .where = std::move(where),
          .what = std::move(what),
          .why = std::move(why),
          .next = std::move(next)};
}

Result<TlsContext> tls_context(const ServerOptions& options) {
  if (options.certificate_file.empty() && options.key_file.empty()) return TlsContext();
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code code;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                       code);
  if (!code) context->use_certificate_chain_file(options.certificate_file, code);
  if (code)
    return usage(options.certificate_file, "the server's certificate cannot be read",
                 code.message(), "name a PEM file with the certificate and what it depends on");
  context->use_private_key_file(options.key_file, asio::ssl::context::pem, code);
  if (code)
    return usage(options.key_file, "the server's key cannot be read", code.message(),
                 "name the PEM file, without a passphrase, of the key that the certificate is for");
  return context;
}

std::string with_port(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return fmt::format(fmt::runtime(endpoint.address().is_v6() ? "[{}]:{}" : "{}:{}"), address,
                     endpoint.port());
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(asio::io_context& io, asio::thread_pool& pool, ServerOptions options, const Site& site)
      : options_(std::move(options)),
        shared_(std::make_shared<Shared>(io, pool, site, options_.limits)),
        alarm_(io) {}

  Result<void> start() {
    if (auto loaded = reload_certificate(); !loaded) return loaded;
    for (const Listener& listener : options_.listeners) {
      if (auto opened = open(listener); !opened) {
        acceptors_.clear();
        return opened;
      }
    }
    for (Acceptor& acceptor : acceptors_) accept(acceptor);
    return {};
  }

  Result<void> reload_certificate() {
    auto context = tls_context(options_);
    if (!context) return context.error();
    tls_ = std::move(*context);
    return {};
  }

  void stop(std::chrono::milliseconds grace, std::function<void()> done) {
    if (shared_->stopping) return;
    shared_->stopping = true;
    close_acceptors();
    // Not from within the connection that goes last.
    shared_->on_empty = [self = shared_from_this(), done = std::move(done)]() mutable {
      asio::post(self->shared_->io, [self, done = std::exchange(done, nullptr)] {
        self->alarm_.cancel();
        self->shared_->on_empty = nullptr;
        if (done) done();
      });
    };
    alarm_.expires_after(grace);
    alarm_.async_wait([self = shared_from_this()](const error_code& code) {
      if (!code) self->each_connection(&AnyConnection::cut);
    });
    each_connection(&AnyConnection::stop);
    if (shared_->open.empty()) shared_->on_empty();
  }

  void end() {
    shared_->stopping = true;
    shared_->on_empty = nullptr;
    close_acceptors();
    alarm_.cancel();
    each_connection(&AnyConnection::cut);
  }

  std::vector<std::string> addresses() const {
    std::vector<std::string> all;
    for (const Acceptor& acceptor : acceptors_)
      all.push_back((tls_ ? "https://" : "http://") + with_port(acceptor.place));
    return all;
  }

  std::size_t connections() const { return shared_->open.size(); }

 private:
  struct Acceptor {
    tcp::acceptor socket;
    asio::steady_timer pause;
    tcp::endpoint place;
  };

  Result<void> open(const Listener& listener) {
    error_code code;
    const auto address = asio::ip::make_address(listener.address, code);
    if (code)
      return usage("http.listen", fmt::format("{} is no address", listener.address), "",
                   "write an IPv4 or IPv6 address and a port, such as 127.0.0.1:8484");
    Acceptor acceptor{tcp::acceptor(shared_->io), asio::steady_timer(shared_->io), {}};
    const tcp::endpoint wanted(address, listener.port);
    acceptor.socket.open(wanted.protocol(), code);
    if (!code) acceptor.socket.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code && address.is_v6()) acceptor.socket.set_option(asio::ip::v6_only(true), code);
    if (!code) acceptor.socket.bind(wanted, code);
    if (!code) acceptor.socket.listen(asio::socket_base::max_listen_connections, code);
    if (!code) acceptor.place = acceptor.socket.local_endpoint(code);
    if (code)
      return usage(with_port(wanted), "the HTTP server cannot listen there", code.message(),
                   "free that address, or write another one under http.listen");
    acceptors_.push_back(std::move(acceptor));
    return {};
  }

  void accept(Acceptor& acceptor) {
    acceptor.socket.async_accept(
        [self = shared_from_this(), &acceptor](const error_code& code, tcp::socket socket) {
          if (self->shared_->stopping || code == asio::error::operation_aborted) return;
          if (!code) {
            self->welcome(std::move(socket));
            return self->accept(acceptor);
          }
          acceptor.pause.expires_after(breath);
          acceptor.pause.async_wait([self, &acceptor](const error_code& ended) {
            if (!ended && !self->shared_->stopping) self->accept(acceptor);
          });
        });
  }

  void welcome(tcp::socket socket) {
    error_code code;
    const tcp::endpoint peer = socket.remote_endpoint(code);
    if (code) return;
    std::string address = peer.address().to_string();
    if (!shared_->has_room(address)) {
      socket.non_blocking(true, code);
      if (!tls_) static_cast<void>(socket.write_some(asio::buffer(full), code));
      return;
    }
    socket.set_option(tcp::no_delay(true), code);
    if (!tls_) {
      std::make_shared<Connection<tcp::socket>>(shared_, std::move(socket), std::move(address))
          ->start();
      return;
    }
    using Secure = asio::ssl::stream<tcp::socket>;
    std::make_shared<Connection<Secure>>(shared_, Secure(std::move(socket), *tls_),
                                         std::move(address))
        ->start();
  }

  void close_acceptors() {
    for (Acceptor& acceptor : acceptors_) {
      error_code ignored;
      acceptor.socket.close(ignored);
      acceptor.pause.cancel();
    }
  }

  /// Over a copy: what is told may end, and leave the set.
  void each_connection(void (AnyConnection::*tell)()) {
    const std::set<AnyConnection*> open = shared_->open;
    for (AnyConnection* connection : open) {
      if (shared_->open.contains(connection)) (connection->*tell)();
    }
  }

  const ServerOptions options_;
  std::shared_ptr<Shared> shared_;
  asio::steady_timer alarm_;
  TlsContext tls_;
  std::list<Acceptor> acceptors_;
};

Server::Server(asio::io_context& io, asio::thread_pool& pool, ServerOptions options,
               const Site& site)
    : impl_(std::make_shared<Impl>(io, pool, std::move(options), site)) {}

Server::~Server() { impl_->end(); }

Result<void> Server::start() { return impl_->start(); }
Result<void> Server::reload_certificate() { return impl_->reload_certificate(); }
void Server::stop(std::chrono::milliseconds grace, std::function<void()> done) {
  impl_->stop(grace, std::move(done));
}
std::vector<std::string> Server::addresses() const { return impl_->addresses(); }
std::size_t Server::connections() const { return impl_->connections(); }

}  // namespace reconcile::http
