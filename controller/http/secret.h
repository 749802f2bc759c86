#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconcile::http {

/// Takes as long for equal texts as for different ones of that size.
bool equal_in_constant_time(std::string_view left, std::string_view right);

/// So many random bytes as hexadecimal digits. Throws where the system has none to give.
std::string random_hex(std::size_t bytes);

}  // namespace reconcile::http
