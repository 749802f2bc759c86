#include "controller/net/proxy.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace reconcile::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view stripped(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// example.org and .example.org both mean the domain and all that is in it.
bool is_in(std::string_view host, std::string_view domain) {
  if (domain == "*") return true;
  while (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty() || host.size() < domain.size()) return false;
  if (!equal_but_for_case(host.substr(host.size() - domain.size()), domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

bool goes_direct(std::string_view host, std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (is_in(host, stripped(list.substr(0, comma)))) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

Error refused(std::string_view why) {
  return {.kind = ErrorKind::Usage,
          .where = "the proxy",
          .what = "its address cannot be used",
          .why = std::string(why),
          .next = "write http://host:port, or http://user:password@host:port"};
}

Result<Proxy> proxy_at(std::string_view address) {
  if (address.starts_with("http://")) {
    address.remove_prefix(7);
  } else if (address.find("://") != std::string_view::npos) {
    return refused("only proxies of http are supported");
  }
  address = address.substr(0, address.find('/'));
  Proxy proxy;
  if (const std::size_t at = address.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = address.substr(0, at);
    const std::size_t colon = std::min(user.find(':'), user.size());
    proxy.authorization =
        basic_authorization(user.substr(0, colon), user.substr(std::min(colon + 1, user.size())));
    address.remove_prefix(at + 1);
  }
  const std::size_t colon = address.rfind(':');
  const bool port_given = colon != std::string_view::npos && !address.ends_with(']');
  proxy.host = address.substr(0, port_given ? colon : address.size());
  if (proxy.host.starts_with('[') && proxy.host.ends_with(']'))
    proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  if (proxy.host.empty()) return refused("it names no host");
  if (port_given) {
    const char* end = address.data() + address.size();
    const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, proxy.port);
    if (error != std::errc() || rest != end || proxy.port == 0)
      return refused("the port is no number up to 65535");
  }
  proxy.shown = fmt::format("the proxy {}:{}", proxy.host, proxy.port);
  return proxy;
}

}  // namespace

Result<std::optional<Proxy>> proxy_for(const Server& server, const Proxies& proxies) {
  const std::string& address = server.tls ? proxies.https : proxies.http;
  if (address.empty() || goes_direct(server.host, proxies.none)) return std::optional<Proxy>();
  auto proxy = proxy_at(address);
  if (!proxy) return proxy.error();
  return std::optional<Proxy>(std::move(*proxy));
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  const std::string plain = fmt::format("{}:{}", user, password);
  std::vector<unsigned char> encoded((plain.size() + 2) / 3 * 4 + 1);  // and a final zero
  const int size =
      EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(plain.data()),
                      static_cast<int>(plain.size()));
  return "Basic " + std::string(encoded.begin(), encoded.begin() + size);
}

}  // namespace reconcile::net
