#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::http {

/// What a caller may do; each may what those before it may.
enum class Role {
  Anyone,   ///< probes, the login page, webhooks: no token is asked for
  Read,     ///< sees everything, changes nothing
  Operate,  ///< looks again, suspends, resumes, heals, restores
  Approve,  ///< allows losses
};
std::string_view name_of(Role role);
std::optional<Role> role_named(std::string_view name);

/// Who asks.
struct Caller {
  std::string name = {};  ///< of the token; empty where there is none
  Role role = Role::Anyone;
  /// Patterns of targets, with * for any text; none: all of them.
  std::vector<std::string> targets = {};
  std::string csrf = {};  ///< what forms of a browser's session carry; empty for others

  /// Of a target that a caller may not see, nothing is said.
  bool sees(std::string_view target) const;
};

struct Header {
  std::string name;
  std::string value;
};

/// One request, its parts decoded.
struct Request {
  std::string method;  ///< HEAD comes as GET
  std::string path;    ///< as it was sent, without the query
  std::map<std::string, std::string, std::less<>> parameters = {};  ///< {target} of the route
  std::vector<Header> query = {};
  std::vector<Header> headers = {};
  std::string body = {};
  std::string address = {};  ///< of who is at the other end of the connection
  bool secure = false;       ///< over TLS
  Caller caller = {};

  /// The first of that name, in any case; empty where there is none.
  std::string_view header(std::string_view name) const;
  std::string_view parameter(std::string_view name) const;
  std::optional<std::string> asked(std::string_view name) const;  ///< of the query
  /// The fields of a form, where the body is one.
  std::vector<Header> form() const;
  std::optional<std::string> field(std::string_view name) const;  ///< of the form
};

class Subscription;

struct Reply {
  unsigned status = 200;
  std::string type = "application/json";
  std::vector<Header> headers = {};
  std::string body = {};
  /// Where there is one, the reply goes on with its events until one of both ends it.
  std::shared_ptr<Subscription> events = {};
};

/// "a%20b" and, in a form, "a+b"; nothing where an escape is broken or hides a NUL.
std::optional<std::string> percent_decoded(std::string_view text, bool form);
/// The other way round, for a segment of a path or a value of a query.
std::string percent_encoded(std::string_view text);
/// "a=b&c": pairs whose escapes are broken are left out.
std::vector<Header> pairs_of(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
/// What a header says before its parameters, in lower case: "application/json".
std::string media_type(std::string_view content_type);

}  // namespace reconcile::http
