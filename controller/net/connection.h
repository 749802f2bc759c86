#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controller/net/http_client.h"
#include "controller/net/proxy.h"
#include "reconcilers/core/error.h"

namespace reconcile::net {

/// What goes wrong between two hosts; an exception within this folder.
struct Broken {
  boost::system::error_code code;
  std::string_view doing;
  std::string why = {};  ///< where the code alone does not say it
};

/// How long a conversation may take. `idle` is for each step of it, from the last byte on.
struct Patience {
  std::chrono::milliseconds connect;
  std::chrono::milliseconds idle;
  std::chrono::milliseconds whole;
};

/// A plain or a secure connection to a server, by way of a proxy where there is one. Asio's
/// operations have time limits only in their asynchronous form, so each is started and then waited
/// for. Throws Broken.
class Connection {
 public:
  /// `certificate_authorities` (PEM, may be empty) count besides those of the system. The time of
  /// the whole begins here.
  Connection(const Server& server, const Patience& patience,
             const std::string& certificate_authorities, const std::optional<Proxy>& proxy = {});

  /// Runs one operation to its end; `start` gets the stream and the handler for it.
  template <class Start>
  boost::system::error_code run(Start start) {
    boost::system::error_code result = boost::asio::error::timed_out;
    const auto done = [&result](const boost::system::error_code& code, auto&&...) {
      result = code;
    };
    lowest().expires_at(next_deadline());
    if (secure_) {
      start(*secure_, done);
    } else {
      start(plain_, done);
    }
    context_.restart();
    context_.run();
    return result;
  }

 private:
  using Plain = boost::beast::tcp_stream;
  using Secure = boost::beast::ssl_stream<Plain>;

  void connect(const std::string& host, std::uint16_t port);
  void pass_through(const Proxy& proxy);
  void shake_hands(const std::string& certificate_authorities);
  Plain& lowest() { return secure_ ? secure_->next_layer() : plain_; }
  std::chrono::steady_clock::time_point next_deadline() const;

  const Server server_;
  const Patience patience_;
  const std::chrono::steady_clock::time_point deadline_;
  boost::asio::io_context context_{1};
  Plain plain_{context_};
  std::optional<boost::asio::ssl::context> trust_;
  std::optional<Secure> secure_;
};

/// "host:port" as the header Host and a proxy want it; without a port that goes without saying.
std::string authority_of(const Server& server);
std::string authority_with_port(const Server& server);

/// What a person is told. Transient, but for a certificate that is refused.
Error failure(const Server& server, const Broken& broken, const Patience& patience,
              const std::string& limits);

}  // namespace reconcile::net
