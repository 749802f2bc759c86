#include "controller/config/http_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "controller/config/failure.h"

namespace reconcile::config {
namespace {

/// Letters, digits and marks that need no escape in an address; whatever else would end up in the
/// lines of a request.
bool plain(char c, std::string_view more) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         more.find(c) != std::string_view::npos;
}

bool all_plain(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) { return plain(c, more); });
}

/// Takes the host off the front of "host:port"; empty where it is none.
std::string take_host(std::string_view& rest) {
  std::string host;
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return {};
    host = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return all_plain(host, ":.") ? host : std::string();
  }
  host = rest.substr(0, rest.find(':'));
  rest.remove_prefix(host.size());
  return all_plain(host, "-._") ? host : std::string();
}

bool take_port(std::string_view rest, std::uint16_t& port) {
  if (rest.empty()) return true;
  if (rest.front() != ':') return false;
  const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
  return error == std::errc() && end == rest.data() + rest.size() && port != 0;
}

}  // namespace

Result<HttpAddress> parse_address(const std::string& where, std::string_view text,
                                  std::string_view what) {
  const auto refused = [&](std::string_view why) {
    return wrong(where, fmt::format("not the address of {}: {}", what, why),
                 what == "a Directus"
                     ? "write http://host:port or https://host, one for each instance"
                     : "write it as https://host/path");
  };
  HttpAddress address;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    address.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return refused("it begins with neither http:// nor https://");
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view server = rest.substr(0, slash);
  std::string_view path = rest.substr(slash);
  // Not shown: the part before the sign may be a password.
  if (server.find('@') != std::string_view::npos)
    return refused("a user or a password in it is not used");
  address.host = take_host(server);
  if (address.host.empty()) return refused("it names no host");
  address.port = address.tls ? 443 : 80;
  if (!take_port(server, address.port)) return refused("the port is no number up to 65535");
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!all_plain(path, "/-._~%+")) return refused("its path has characters that none has");
  address.path = path;
  while (text.ends_with('/')) text.remove_suffix(1);
  address.text = text;
  return address;
}

}  // namespace reconcile::config
