#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "controller/http/access.h"
#include "controller/http/request.h"
#include "controller/http/router.h"

namespace reconcile::http {

/// One answered request, for the log and the metrics.
struct AccessLine {
  std::string address;
  std::string who;  ///< name of the token; empty where there was none
  std::string method;
  std::string path;   ///< without the query
  std::string route;  ///< the pattern; empty where there was none
  unsigned status = 0;
  std::size_t bytes = 0;  ///< of the body
  std::chrono::milliseconds duration{0};
};

/// Something that was to be changed, whether it was or not.
struct AuditEntry {
  std::string who;
  std::string address;
  std::string action;  ///< "POST /api/v1/targets/{target}/approve"
  std::string target;  ///< empty where it is about none
  unsigned status = 0;
  std::string request;  ///< the body, without secrets and not more than a kilobyte of it
};

/// Both are called on the I/O thread, and must not block.
struct Witnesses {
  std::function<void(const AccessLine&)> access;
  std::function<void(const AuditEntry&)> audit;
};

/// The line and the headers of a request, as a connection has read them.
struct Head {
  std::string method;
  std::string target;  ///< "/api/v1/targets?limit=3"
  bool http_1_0 = false;
  std::vector<Header> headers;
  std::string address;
  bool secure = false;
};

/// What stands between a connection and the handlers: who may ask what, and what every answer has.
/// Knows nothing of sockets.
class Site {
 public:
  Site(Router router, const Access& access, Witnesses witnesses)
      : router_(std::move(router)), access_(access), witnesses_(std::move(witnesses)) {}

  /// A request that may be read on, and then answered. The route lives as long as the site.
  struct Admitted {
    const Route* route = nullptr;
    Request request;
  };
  /// Before the body is read. A reply is to be sent instead of reading on.
  struct Refused {
    Request request;
    std::string route;
    Reply reply;
  };
  std::variant<Admitted, Refused> admit(Head head) const;

  /// Whether who was admitted still may see the same: tokens are revoked, and people log out.
  bool still_admits(const Admitted& admitted) const;

  /// Runs the handler, with the body in place. From any thread; never throws.
  Reply answer(const Admitted& admitted) const;

  /// Adds what every answer has, and tells the witnesses. On the I/O thread.
  void finish(const Request& request, const std::string& route, std::chrono::milliseconds duration,
              Reply& reply) const;

 private:
  Router router_;
  const Access& access_;
  Witnesses witnesses_;
};

}  // namespace reconcile::http
