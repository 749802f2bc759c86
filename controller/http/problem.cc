#include "controller/http/problem.h"

#include <boost/json.hpp>

#include "reconcilers/render/status_json.h"

namespace reconcile::http {

unsigned status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Usage:
      return 400;
    case ErrorKind::Conflict:
      return 409;
    case ErrorKind::Transient:
      return 503;
    case ErrorKind::Terminal:
      break;
  }
  return 500;
}

Reply problem(unsigned status, const Error& error) {
  Reply reply{.status = status, .body = boost::json::serialize(render::problem_json(error)) + "\n"};
  // A lock, a full pool or a restarting server: worth another try, but not at once.
  if (status == 503 || status == 429) reply.headers.push_back({"Retry-After", "5"});
  return reply;
}

Reply problem(const Error& error) { return problem(status_of(error.kind), error); }

Reply refusal(unsigned status, std::string what, std::string next) {
  return problem(status,
                 {.where = "", .what = std::move(what), .why = "", .next = std::move(next)});
}

Reply unauthorized(std::string what, std::string next) {
  Reply reply = refusal(401, std::move(what), std::move(next));
  reply.headers.push_back({"WWW-Authenticate", "Bearer realm=\"reconcile\""});
  return reply;
}

}  // namespace reconcile::http
