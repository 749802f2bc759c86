#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "reconcilers/core/result.h"

namespace reconcile::net {

/// Where an HTTP server listens.
struct Server {
  std::string name;  ///< for people; holds no secret
  bool tls = false;
  std::string host;  ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 80;
  std::string path = {};  ///< before every target; empty, or begins with a slash
};

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target;                    ///< behind the server's path: "/server/ping"
  std::string token = {};                ///< sent as a bearer; never in an error
  std::vector<HttpHeader> headers = {};  ///< besides Host, User-Agent, Accept: application/json
  std::string body = {};
};

struct HttpResponse {
  unsigned status = 0;
  std::string location;     ///< of a redirect, as it was sent
  std::string retry_after;  ///< as it was sent
  std::string body;
};

/// How long and how much a server may take. Whatever it sends, no more than this is kept of it.
struct HttpLimits {
  std::chrono::milliseconds connect{3'000};  ///< for each of its addresses
  std::chrono::milliseconds whole{10'000};   ///< for the request, from looking up the name on
  std::uint32_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
};

/// One request on a connection of its own. Redirects are answers like any other. Errors name the
/// server: transient where a later call may succeed, terminal where the certificate is refused.
/// `certificate_authorities` (PEM, may be empty) count besides those of the system.
Result<HttpResponse> send(const Server& server, const HttpRequest& request,
                          const HttpLimits& limits, const std::string& certificate_authorities);

}  // namespace reconcile::net
