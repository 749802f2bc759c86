#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controller/http/site.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

struct Listener {
  std::string address = "127.0.0.1";  ///< IPv4 or IPv6, without brackets
  std::uint16_t port = 8484;          ///< 0: one that the kernel chooses
};

/// How much one connection, and all of them, may take.
struct Limits {
  std::uint32_t header_bytes = 16 * 1024;
  /// Of all bodies that are being read at a time; what one may have, its route says.
  std::size_t bodies_bytes = 16 * 1024 * 1024;
  std::chrono::milliseconds header{
      10'000};  ///< from the first byte of a request to its last header
  std::chrono::milliseconds body{30'000};
  std::chrono::milliseconds write{30'000};      ///< of an answer, or of one part of a stream
  std::chrono::milliseconds idle{60'000};       ///< between two requests
  std::chrono::milliseconds heartbeat{15'000};  ///< of a stream in which nothing happens
  std::chrono::milliseconds stream{900'000};    ///< after which its reader has to come back
  std::size_t connections = 512;
  std::size_t connections_per_address = 256;
  std::size_t requests_per_connection = 10'000;
  std::size_t blocking = 32;  ///< requests that wait for the pool or are at work in it
};

struct ServerOptions {
  std::vector<Listener> listeners = {Listener{}};
  /// PEM files; both empty: plain HTTP.
  std::string certificate_file = {};
  std::string key_file = {};
  Limits limits = {};
};

/// Serves a site over HTTP/1.1. Everything but blocking handlers runs on the one thread that runs
/// `io`; the members are called there, or before it runs. The site, `io` and `pool` outlive the
/// server, and the pool is joined before `io` goes.
class Server {
 public:
  Server(boost::asio::io_context& io, boost::asio::thread_pool& pool, ServerOptions options,
         const Site& site);
  /// Cuts what is still open.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens on all of the addresses, or on none: then the error names the one that cannot be had,
  /// or the file that is not a certificate.
  Result<void> start();
  /// Reads certificate and key again; where they are no good, the old ones stay. Connections that
  /// are open keep theirs.
  Result<void> reload_certificate();
  /// Takes no more connections, ends those that are idle and all streams, and lets the others
  /// finish what is under way; what has not after `grace` is cut. Then calls `done`, once.
  void stop(std::chrono::milliseconds grace, std::function<void()> done);

  /// "http://127.0.0.1:8484", in the order of the listeners.
  std::vector<std::string> addresses() const;
  std::size_t connections() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace reconcile::http
