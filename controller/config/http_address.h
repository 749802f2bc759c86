#pragma once

#include <string>
#include <string_view>

#include "controller/config/config.h"

namespace reconcile::config {

/// Takes an address apart. `where` is the place of the complaint where it is none, or where it
/// carries a secret.
Result<HttpAddress> parse_address(const std::string& where, std::string_view text);

}  // namespace reconcile::config
