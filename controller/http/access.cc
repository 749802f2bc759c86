#include "controller/http/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "controller/http/problem.h"
#include "controller/http/secret.h"
#include "reconcilers/core/digest.h"

namespace reconcile::http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view bearer = "Bearer ";
/// Addresses whose failed logins are remembered at a time.
constexpr std::size_t remembered_networks = 4096;

bool is_loopback(const std::string& address) {
  boost::system::error_code code;
  const ip::address parsed = ip::make_address(address, code);
  if (code) return false;
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, parsed.to_v6()).is_loopback();
  return parsed.is_loopback();
}

/// Who has one address of an IPv6 network has all of it.
std::string network_of(const std::string& address) {
  boost::system::error_code code;
  const ip::address parsed = ip::make_address(address, code);
  if (code || !parsed.is_v6() || parsed.to_v6().is_v4_mapped()) return address;
  ip::address_v6::bytes_type bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes).to_string();
}

/// Without its port: "localhost", "127.0.0.1", "::1".
std::string_view name_in(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.rfind(':'));
}

/// A page can be made to lie about its name, but not about an address.
bool is_address(std::string_view host) {
  boost::system::error_code code;
  static_cast<void>(ip::make_address(std::string(host), code));
  return !code;
}

/// "host:port" of "https://host:port".
std::string_view authority_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

bool from_another_site(const Request& request) {
  if (is_safe(request.method)) return false;
  const std::string_view origin = request.header("Origin");
  return !origin.empty() && !equal_ignoring_case(authority_of(origin), request.header("Host"));
}

/// A browser says where a change comes from in one of these.
bool says_its_origin(const Request& request) {
  return !request.header("Origin").empty() || request.header("Sec-Fetch-Site") == "same-origin";
}

Caller caller_of(const Token& token) {
  return {.name = token.name, .role = token.role, .targets = token.targets};
}

std::string_view cookie_name(bool secure) {
  // Browsers take a name with that prefix only from the host itself, and over TLS.
  return secure ? "__Host-reconcile" : "reconcile";
}

/// Lax, so that a link in an alert finds its reader logged in; what changes something is guarded by
/// its origin and its form.
Header cookie(bool secure, std::string_view id, std::chrono::seconds life) {
  return {"Set-Cookie",
          fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie_name(secure),
                      id, life.count(), secure ? "; Secure" : "")};
}

}  // namespace

bool is_safe(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

Access::Access(Tokens tokens, AccessOptions options, Now now)
    : options_(std::move(options)), now_(std::move(now)), tokens_(std::move(tokens)) {}

bool Access::has_tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_.has_value();
}

void Access::replace(Tokens tokens) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::move(tokens);
  std::erase_if(sessions_,
                [&](const auto& entry) { return token_of(entry.second.token_hash) == nullptr; });
}

const Token* Access::token_of(std::string_view hash) const {
  // All of them are looked at, so that the time does not tell which one came close.
  const Token* found = nullptr;
  if (!tokens_) return found;
  for (const Token& token : *tokens_) {
    if (equal_in_constant_time(token.hash, hash)) found = &token;
  }
  return found;
}

std::string Access::session_id(const Request& request) const {
  std::string_view cookies = request.header("Cookie");
  const std::string wanted = fmt::format("{}=", cookie_name(secure(request)));
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view pair = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(wanted)) return std::string(pair.substr(wanted.size()));
  }
  return {};
}

bool Access::own_host(std::string_view host) const {
  const std::string_view name = name_in(host);
  return equal_ignoring_case(name, "localhost") || is_address(name) ||
         std::ranges::any_of(options_.hosts, [&](const std::string& known) {
           return equal_ignoring_case(known, name);
         });
}

std::variant<std::monostate, Caller, Reply> Access::identify(const Request& request) const {
  const std::lock_guard lock(mutex_);
  const std::string_view authorization = request.header("Authorization");
  if (!authorization.empty()) {
    const bool scheme = authorization.size() > bearer.size() &&
                        equal_ignoring_case(authorization.substr(0, bearer.size()), bearer);
    const Token* token = scheme ? token_of(sha256(authorization.substr(bearer.size()))) : nullptr;
    if (token != nullptr) return caller_of(*token);
    return unauthorized("this token is not known here",
                        "send `Authorization: Bearer TOKEN` with a token of the configuration");
  }
  if (!own_host(request.header("Host")))
    return refusal(421, "this server does not go by the name in the request's Host header",
                   "add that name to http.hosts in reconcile.yaml, or use one that is there");
  if (const std::string id = session_id(request); !id.empty()) {
    const auto session = sessions_.find(sha256(id));
    if (session != sessions_.end() && session->second.expires > now_()) {
      if (const Token* token = token_of(session->second.token_hash)) {
        Caller caller = caller_of(*token);
        caller.csrf = session->second.csrf;
        return caller;
      }
    }
  }
  return unnamed(request);
}

std::variant<std::monostate, Caller, Reply> Access::unnamed(const Request& request) const {
  if (tokens_) return std::monostate();
  // What a proxy passes on comes from its machine, and not from a person on it.
  const bool passed_on = options_.tls_before || !options_.hosts.empty() ||
                         !request.header("X-Forwarded-For").empty() ||
                         !request.header("Forwarded").empty() || !request.header("Via").empty();
  if (is_loopback(request.address) && !passed_on) return Caller{.name = "", .role = Role::Read};
  return refusal(403, "without tokens only this machine itself may look",
                 "configure tokens under http.tokens_file in reconcile.yaml");
}

Access::Decision Access::admit(const Request& request, Role needed) const {
  if (from_another_site(request))
    return {{},
            refusal(403, "this change was asked for by a page of another site",
                    "open the dashboard itself and ask there")};
  auto found = identify(request);
  const auto* known = std::get_if<Caller>(&found);
  const Caller caller = known != nullptr ? *known : Caller{};
  if (needed == Role::Anyone) return {caller};
  if (auto* reply = std::get_if<Reply>(&found)) return {caller, std::move(*reply)};
  if (known == nullptr)
    return {caller, unauthorized("nobody is logged in",
                                 "log in at /login, or send `Authorization: Bearer TOKEN`")};
  if (!caller.csrf.empty() && !is_safe(request.method) && !says_its_origin(request))
    return {caller, refusal(403, "the browser does not say which page asked for this change",
                            "open the dashboard itself and ask there")};
  if (caller.role >= needed) return {caller};
  if (caller.name.empty())
    return {caller, refusal(403, "nothing can be changed over HTTP while no tokens are configured",
                            "configure tokens under http.tokens_file in reconcile.yaml")};
  return {caller, refusal(403,
                          fmt::format("token {} may {}, and this takes {}", caller.name,
                                      name_of(caller.role), name_of(needed)),
                          fmt::format("use a token of role {}", name_of(needed)))};
}

bool Access::meant(const Request& request) const {
  const std::string& secret = request.caller.csrf;
  if (secret.empty() || is_safe(request.method)) return true;
  return equal_in_constant_time(request.header("X-CSRF-Token"), secret) ||
         equal_in_constant_time(request.field("csrf").value_or(""), secret);
}

bool Access::exhausted(const std::string& network) {
  const auto found = failures_.find(network);
  if (found == failures_.end()) return false;
  if (now_() - found->second.since < options_.failure_window)
    return found->second.count >= options_.failed_logins;
  failures_.erase(found);
  return false;
}

void Access::count_failure(const std::string& network) {
  if (failures_.size() >= remembered_networks) {
    std::erase_if(failures_, [&](const auto& entry) {
      return now_() - entry.second.since >= options_.failure_window;
    });
    if (failures_.size() >= remembered_networks)
      failures_.erase(std::ranges::min_element(
          failures_, {}, [](const auto& entry) { return entry.second.since; }));
  }
  Failures& failures = failures_.try_emplace(network, Failures{0, now_()}).first->second;
  ++failures.count;
}

void Access::make_room() {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.expires <= now_(); });
  while (!sessions_.empty() && sessions_.size() >= options_.sessions)
    sessions_.erase(std::ranges::min_element(
        sessions_, {}, [](const auto& entry) { return entry.second.expires; }));
}

std::variant<Access::Session, Reply> Access::log_in(const Request& request,
                                                    std::string_view token) {
  const std::lock_guard lock(mutex_);
  const std::string network = network_of(request.address);
  const Token* known = token_of(sha256(token));
  // The right one always counts: everybody behind a proxy comes from its address.
  if (known == nullptr && exhausted(network)) {
    Reply reply = refusal(429, "too many failed logins came from this address",
                          "wait five minutes, then try again");
    reply.headers = {{"Retry-After", std::to_string(options_.failure_window.count())}};
    return reply;
  }
  if (known == nullptr) {
    count_failure(network);
    return unauthorized("this token is not known here",
                        tokens_ ? "look whether all of it was pasted"
                                : "configure them under http.tokens_file in reconcile.yaml");
  }
  make_room();
  const std::string id = random_hex(32);
  Caller caller = caller_of(*known);
  caller.csrf = random_hex(32);
  sessions_[sha256(id)] = {known->hash, caller.csrf, now_() + options_.session_life};
  return Session{std::move(caller), cookie(secure(request), id, options_.session_life)};
}

Header Access::log_out(const Request& request) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(sha256(session_id(request)));
  return cookie(secure(request), "", std::chrono::seconds(0));
}

}  // namespace reconcile::http
