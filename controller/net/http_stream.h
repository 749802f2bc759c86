#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "controller/net/http_client.h"
#include "controller/net/proxy.h"
#include "reconcilers/core/result.h"

namespace reconcile::net {

/// How a stream is opened and how long it may take.
struct StreamOptions {
  std::string certificate_authorities = {};  ///< PEM, besides those of the system
  Proxies proxies = {};
  std::chrono::milliseconds connect{10'000};  ///< for each address of the server
  std::chrono::milliseconds idle{30'000};     ///< without a byte
  std::chrono::milliseconds whole{600'000};
  std::uint32_t header_bytes = 16 * 1024;
};

/// One request on a connection of its own, whose answer is read while it comes: for bodies that
/// are too large to be held. Redirects are answers like any other.
class HttpStream {
 public:
  virtual ~HttpStream() = default;

  /// Connects, sends the request and reads the head of the answer. Errors as of net::send.
  static Result<std::unique_ptr<HttpStream>> open(const Server& server, const HttpRequest& request,
                                                  const StreamOptions& options);

  virtual unsigned status() const = 0;
  /// Empty where the answer has no such header.
  virtual std::string header(const std::string& name) const = 0;
  /// The next bytes of the body; 0 at its end. A body that is cut off is an error.
  virtual Result<std::size_t> read(std::span<char> place) = 0;
};

}  // namespace reconcile::net
