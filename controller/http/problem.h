#pragma once

#include "controller/http/request.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

/// Usage is 400, Conflict 409, Transient 503, Terminal 500.
unsigned status_of(ErrorKind kind);

/// The one place where errors become answers: {"error": {"where", "what", "why", "next"}}, and
/// with 503 Retry-After.
Reply problem(const Error& error);
Reply problem(unsigned status, const Error& error);
/// The same where nothing but a sentence and the way out is to be said.
Reply refusal(unsigned status, std::string what, std::string next);

/// 401, with the header that belongs to it.
Reply unauthorized(std::string what, std::string next);

}  // namespace reconcile::http
