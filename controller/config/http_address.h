#pragma once

#include <string>
#include <string_view>

#include "controller/config/config.h"

namespace reconcile::config {

/// Takes an address apart. `where` is the place of the complaint where it is none, or where it
/// carries a secret, `what` is what it should be the address of.
Result<HttpAddress> parse_address(const std::string& where, std::string_view text,
                                  std::string_view what = "a Directus");

}  // namespace reconcile::config
