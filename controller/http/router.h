#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/http/request.h"

namespace reconcile::http {

/// One thing that can be asked for. A handler runs on the I/O thread, or, where it may block, on a
/// thread of the pool; what it throws becomes an answer of status 500.
struct Route {
  std::string method;   ///< GET or POST
  std::string pattern;  ///< "/api/v1/targets/{target}/plan"; {target} is one segment, decoded
  Role role = Role::Read;
  bool blocking = false;
  std::function<Reply(const Request&)> handler;
  std::size_t body_bytes = 16 * 1024;  ///< that a request may have
};

/// Finds routes; immutable once it is built. A literal segment counts before a parameter.
class Router {
 public:
  Router() = default;
  explicit Router(std::vector<Route> routes);

  struct Found {
    const Route* route = nullptr;  ///< null where there is none
    std::map<std::string, std::string, std::less<>> parameters;
    std::vector<std::string> allowed;  ///< methods of that path; empty where there is no such path
  };
  /// `path` as it was sent: escapes are decoded segment by segment, so that an escaped slash is
  /// part of a name.
  Found find(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace reconcile::http
