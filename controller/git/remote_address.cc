#include "controller/git/remote_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "controller/git/failure.h"

namespace reconcile::git {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

struct SchemeName {
  std::string_view prefix;
  RemoteAddress::Scheme scheme;
};
constexpr SchemeName kSchemes[] = {{"https://", RemoteAddress::Scheme::Https},
                                   {"http://", RemoteAddress::Scheme::Http},
                                   {"ssh://", RemoteAddress::Scheme::Ssh},
                                   {"git+ssh://", RemoteAddress::Scheme::Ssh}};

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What may be a password is not repeated.
Failure refused(std::string shown, std::string why) {
  return Failure(Blame::Input,
                 Error{.kind = ErrorKind::Terminal,
                       .where = std::move(shown),
                       .what = "is not the address of a repository",
                       .why = std::move(why),
                       .next = "write https://host/path, ssh://user@host/path or user@host:path"});
}

std::string without_user(std::string_view address) {
  const std::size_t scheme = address.find("://");
  const std::size_t from = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t slash = std::min(address.find('/', from), address.size());
  const std::size_t at = address.substr(0, slash).rfind('@');
  if (at == std::string_view::npos || at < from) return std::string(address);
  return fmt::format("{}{}", address.substr(0, from), address.substr(at + 1));
}

// None of these stands in the lines of a request, nor in an argument of ssh.
bool has_odd_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) == 0x7f;
  });
}

bool is_host(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:%").find(c) != std::string_view::npos;
  });
}

void take_port(RemoteAddress& address, std::string_view text) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, address.port);
  if (error != std::errc() || rest != end || address.port == 0)
    throw refused(address.shown, "the port is no number up to 65535");
}

// "host", "host:port", "[v6]:port"
void take_host(RemoteAddress& address, std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = std::min(text.find(']'), text.size());
    address.host = text.substr(1, close - 1);
    text.remove_prefix(std::min(close + 1, text.size()));
  } else {
    address.host = text.substr(0, text.find(':'));
    text.remove_prefix(address.host.size());
  }
  if (text.starts_with(':') && text.size() > 1) take_port(address, text.substr(1));
}

void take_user(RemoteAddress& address, std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  address.user = percent_decoded(text.substr(0, colon));
  address.password = percent_decoded(text.substr(std::min(colon + 1, text.size())));
}

void check(const RemoteAddress& address) {
  if (!is_host(address.host)) throw refused(address.shown, "it names no host");
  // ssh would take them for options.
  if (address.host.starts_with('-') || address.user.starts_with('-'))
    throw refused(address.shown, "neither host nor user begins with a dash");
  if (address.path.empty() || address.path == "/")
    throw refused(address.shown, "it names no repository on that host");
  if (address.path.starts_with('-')) throw refused(address.shown, "no path begins with a dash");
  // A header has lines, a password must not make one.
  const std::string user = address.user + address.password;
  if (std::ranges::any_of(user, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
    throw refused(address.shown, "its user has characters that none has");
}

RemoteAddress from_url(const std::string& url, const SchemeName& scheme) {
  RemoteAddress address;
  address.scheme = scheme.scheme;
  address.shown = without_user(url);
  if (has_odd_characters(url))
    throw refused(address.shown, "it has a space or a control character");
  std::string_view rest = std::string_view(url).substr(scheme.prefix.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view server = rest.substr(0, slash);
  std::string_view path = rest.substr(slash);
  if (const std::size_t at = server.rfind('@'); at != std::string_view::npos) {
    take_user(address, server.substr(0, at));
    server.remove_prefix(at + 1);
  }
  take_host(address, server);
  if (address.over_ssh()) {
    address.path = percent_decoded(path);
    // ssh://host/~user/repo is below that user's home, as git has it.
    if (address.path.starts_with("/~")) address.path.erase(0, 1);
    if (!address.user.empty())
      address.shown = fmt::format("{}{}@{}", scheme.prefix, address.user,
                                  address.shown.substr(scheme.prefix.size()));
  } else {
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path.find_first_of("?#") != std::string_view::npos)
      throw refused(address.shown, "it has a query");
    address.path = path;
    if (address.port == 0)
      address.port = address.scheme == RemoteAddress::Scheme::Https ? kHttpsPort : kHttpPort;
  }
  return address;
}

// [user@]host:path, which git takes for ssh unless a slash comes before the colon.
std::optional<RemoteAddress> from_short_form(const std::string& text) {
  std::string_view rest = text;
  const std::size_t at = rest.substr(0, rest.find('/')).find('@');
  RemoteAddress address;
  address.scheme = RemoteAddress::Scheme::Ssh;
  address.shown = text;
  if (at != std::string_view::npos) {
    address.user = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  const std::size_t close = rest.starts_with('[') ? rest.find(']') : 0;
  if (close == std::string_view::npos) return std::nullopt;
  const std::size_t colon = rest.find(':', close);
  if (colon == std::string_view::npos || rest.find('/') < colon) return std::nullopt;
  std::error_code ignored;
  if (std::filesystem::exists(text, ignored)) return std::nullopt;
  address.host = rest.substr(close == 0 ? 0 : 1, close == 0 ? colon : close - 1);
  address.path = rest.substr(colon + 1);
  return address;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? digit_of(text[i + 1]) : -1;
    const int low = high >= 0 ? digit_of(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::optional<RemoteAddress> remote_address(const std::string& repository) {
  std::optional<RemoteAddress> address;
  for (const SchemeName& scheme : kSchemes) {
    if (repository.starts_with(scheme.prefix)) address = from_url(repository, scheme);
  }
  if (!address && repository.find("://") != std::string::npos) {
    if (repository.starts_with("file://")) return std::nullopt;
    throw refused(without_user(repository), "only file, https, http and ssh can be read");
  }
  if (!address) address = from_short_form(repository);
  if (address) check(*address);
  return address;
}

}  // namespace reconcile::git
