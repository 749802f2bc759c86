#pragma once

#include <vector>

#include "controller/http/access.h"
#include "controller/http/router.h"
#include "reconcilers/ports/fleet.h"

namespace reconcile::cli {

/// The dashboard's pages and forms. The fleet and who may look outlive the routes.
std::vector<http::Route> page_routes(Fleet& fleet, const http::Access& access);

/// What a person sees who could not be let in; `next` is the path to go on to.
std::string sign_in_page(std::string_view message, std::string_view next);

}  // namespace reconcile::cli
