#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controller/net/http_client.h"
#include "reconcilers/core/result.h"

namespace reconcile::net {

/// A host that carries connections to others.
struct Proxy {
  std::string shown;  ///< for people; holds no secret
  std::string host;
  std::uint16_t port = 3128;
  std::string authorization = {};  ///< of the header Proxy-Authorization; may be empty
};

/// Which connections go through which proxy, as the environment variables of these names say it.
struct Proxies {
  std::string http = {};
  std::string https = {};
  std::string none = {};  ///< hosts and domains with commas between, or *
};

/// The proxy for a server; nothing where the connection is direct. An address that is none, or one
/// that begins with another scheme than http, is an error of kind Usage.
Result<std::optional<Proxy>> proxy_for(const Server& server, const Proxies& proxies);

/// The header that carries a user and a password (RFC 7617).
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace reconcile::net
