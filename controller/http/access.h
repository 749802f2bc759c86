#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/http/request.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

/// A bearer token, of which only the hash is known here.
struct Token {
  std::string name;  ///< who it was given to: the actor in the ledger
  Role role = Role::Read;
  std::string hash;                       ///< SHA-256, 64 lower-case hexadecimal digits
  std::vector<std::string> targets = {};  ///< see Caller
};

/// Lines of `name role sha256-of-token [target patterns]`; # begins a comment. `where` is the file,
/// for errors, which are of kind Usage and name the line.
Result<std::vector<Token>> parse_tokens(std::string_view text, const std::string& where);

struct AccessOptions {
  /// Names that browsers know this server by, without a port; localhost and addresses always count.
  std::vector<std::string> hosts = {};
  bool tls_before = false;  ///< a proxy speaks TLS for us: cookies are for secure connections only
  std::chrono::seconds session_life = std::chrono::hours(12);
  std::size_t sessions = 256;      ///< the oldest one ends where there would be more
  std::size_t failed_logins = 10;  ///< of one address (IPv6: of one /64) within failure_window
  std::chrono::seconds failure_window{300};
};

/// The tokens that count. None are configured: whoever is on this machine may read, unless a proxy
/// or a name brings others to it. An empty list is nobody's.
using Tokens = std::optional<std::vector<Token>>;

/// Decides who asks, and what for. Without tokens nobody may change anything. Safe from any thread.
class Access {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;
  explicit Access(Tokens tokens, AccessOptions options = {},
                  Now now = std::chrono::steady_clock::now);

  bool has_tokens() const;
  /// After a reload. Sessions of tokens that are gone have ended with it.
  void replace(Tokens tokens);

  struct Decision {
    Caller caller;  ///< as far as it is known
    std::optional<Reply> refusal = {};
  };
  /// Who asks, and why it is not let in (401, 403, 421). Reads headers and address only.
  Decision admit(const Request& request, Role needed) const;
  /// Whether a change that a browser's session asks for carries that session's secret, as the form
  /// field `csrf` or the header X-CSRF-Token. Others need none.
  bool meant(const Request& request) const;

  /// The token that a person typed: its caller and the Set-Cookie header, or why not (401, 429).
  struct Session {
    Caller caller;
    Header cookie;
  };
  std::variant<Session, Reply> log_in(const Request& request, std::string_view token);
  /// Ends the session of the request and returns the Set-Cookie header that forgets it.
  Header log_out(const Request& request);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Known {
    std::string token_hash;
    std::string csrf;
    Time expires;
  };
  struct Failures {
    std::size_t count = 0;
    Time since;
  };

  const Token* token_of(std::string_view hash) const;
  std::variant<std::monostate, Caller, Reply> identify(const Request& request) const;
  std::variant<std::monostate, Caller, Reply> unnamed(const Request& request) const;
  bool own_host(std::string_view host) const;
  bool secure(const Request& request) const { return request.secure || options_.tls_before; }
  std::string session_id(const Request& request) const;
  bool exhausted(const std::string& network);
  void count_failure(const std::string& network);
  void make_room();

  const AccessOptions options_;
  const Now now_;
  mutable std::mutex mutex_;
  Tokens tokens_;
  std::map<std::string, Known, std::less<>> sessions_;  ///< by the hash of their id
  std::map<std::string, Failures, std::less<>> failures_;
};

/// Whether nothing is changed by a request of that method.
bool is_safe(std::string_view method);

}  // namespace reconcile::http
