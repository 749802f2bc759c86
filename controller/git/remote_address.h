#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reconcile::git {

/// A repository on another machine.
struct RemoteAddress {
  enum class Scheme { Http, Https, Ssh };
  Scheme scheme = Scheme::Https;
  std::string user;      ///< may be empty
  std::string password;  ///< never shown
  std::string host;      ///< IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;   ///< over ssh as the server's shell gets it; otherwise begins with a slash
  std::string shown;  ///< for people: without a password, nor the user of http

  bool over_ssh() const { return scheme == Scheme::Ssh; }
};

/// Takes https://, http://, ssh:// and [user@]host:path apart; nothing for a path or a file:// URL.
/// Throws a Failure for an address that is none, or one that a program could take for an option.
std::optional<RemoteAddress> remote_address(const std::string& repository);

std::string percent_decoded(std::string_view text);

}  // namespace reconcile::git
