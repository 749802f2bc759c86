#pragma once

#include <string>
#include <string_view>

namespace reconcile::net {

/// HMAC-SHA256 as 64 lower-case hexadecimal digits. Throws rather than return less: an empty one
/// would be equal to a signature that is not there.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace reconcile::net
