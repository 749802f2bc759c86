#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reconcile {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< in bytes; 0: the first byte begins none
};

/// Of bytes that are not empty. The shortest form only, no surrogates, nothing beyond Unicode:
/// RFC 3629.
Character first_character(std::string_view bytes);

/// Calls `take` with the code and the bytes of each character, or of U+FFFD for what is none.
template <class Take>
void each_character(std::string_view bytes, Take take) {
  while (!bytes.empty()) {
    const Character next = first_character(bytes);
    if (next.size == 0) {
      take(0xFFFDU, std::string_view("\xEF\xBF\xBD"));
      bytes.remove_prefix(1);
    } else {
      take(next.code, bytes.substr(0, next.size));
      bytes.remove_prefix(next.size);
    }
  }
}

/// Any bytes, with U+FFFD for what is not UTF-8.
std::string utf8(std::string_view bytes);

}  // namespace reconcile
