#pragma once

#include <exception>
#include <string>
#include <utility>

#include "reconcilers/core/error.h"

namespace reconcile::git {

/// Whose fault a failure is. Only the mirror can be thrown away and made anew.
enum class Blame { Input, Source, Mirror };

/// How errors travel inside this adapter; it never leaves it. See GitSource::guarded.
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

}  // namespace reconcile::git
