#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>

#include "reconcilers/core/error.h"

namespace reconcile {

/// A value or an Error. Modules return it to each other; an exception stops at the adapter that
/// caught it.
template <class T>
using Result = boost::system::result<T, Error>;

/// Asking a failed result for its value is a programmer's mistake; this is what it throws.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::logic_error(describe(error));
}

}  // namespace reconcile
