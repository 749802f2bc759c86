#pragma once

#include <exception>
#include <string>
#include <utility>

#include "reconcilers/core/result.h"

namespace reconcile::git {

/// Whose fault a failure is. Only the mirror can be thrown away and made anew.
enum class Blame { Input, Source, Mirror };

/// How errors travel inside this adapter; it never leaves it, see as_result().
class Failure : public std::exception {
 public:
  Failure(Blame blame, Error error) : blame_(blame), error_(std::move(error)) {}

  Blame blame() const { return blame_; }
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.what.c_str(); }

 private:
  Blame blame_;
  Error error_;
};

/// libgit2's last message in this thread, or the meaning of `code` where it left none.
std::string reason_of(int code);

/// A failed libgit2 call with libgit2's reason. Transient where the machine rather than git said
/// no: memory, disk.
Failure failed_call(Blame blame, int code, std::string where, std::string what, std::string next);

/// Failures of this adapter, and what the standard library throws, end here. Of the latter the
/// error says only `what`, such as "cannot be read".
template <class Work>
auto as_result(const std::string& where, const char* what, Work&& work)
    -> Result<decltype(work())> {
  try {
    return work();
  } catch (const Failure& failure) {
    return failure.error();
  } catch (const std::exception& error) {
    return Error{.kind = ErrorKind::Transient,
                 .where = where,
                 .what = what,
                 .why = error.what(),
                 .next = "look at the memory and the disk of this machine"};
  }
}

}  // namespace reconcile::git
