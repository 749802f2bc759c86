#include "controller/git/failure.h"

#include <fmt/format.h>
#include <git2.h>

#include <utility>

namespace reconcile::git {
namespace {

bool is_of_the_machine(Blame blame) {
  const git_error* last = git_error_last();
  if (last == nullptr) return false;
  if (last->klass == GIT_ERROR_NOMEMORY) return true;
  // Reading somebody's repository fails for its rights or its state, which stay as they are until
  // somebody changes them. Writing our own mirror fails for a full disk.
  return blame == Blame::Mirror && last->klass == GIT_ERROR_OS;
}

}  // namespace

std::string reason_of(int code) {
  const git_error* last = git_error_last();
  if (last != nullptr && last->message != nullptr) return last->message;
  return fmt::format("libgit2 returned {}", code);
}

Failure failed_call(Blame blame, int code, std::string where, std::string what, std::string next) {
  return Failure(
      blame, Error{.kind = is_of_the_machine(blame) ? ErrorKind::Transient : ErrorKind::Terminal,
                   .where = std::move(where),
                   .what = std::move(what),
                   .why = reason_of(code),
                   .next = std::move(next)});
}

}  // namespace reconcile::git
