#pragma once

#include <string>

#include "controller/dashboard/viewer.h"
#include "reconcilers/core/error.h"

namespace reconcile::dashboard {

/// GET /login: asks for a token. `problem` says why the last one was not taken, `next` is the path
/// to go on to.
std::string login_page(const std::string& problem, const std::string& next, const Viewer& viewer);

/// Instead of a page that could not be made. `status` is the HTTP status.
std::string error_page(int status, const Error& error, const Viewer& viewer);

}  // namespace reconcile::dashboard
