#pragma once

#include <string>
#include <string_view>

namespace reconcile::postgres {

/// `text` with `part` in `place`. The last one: a comment at its head may speak of it before.
inline std::string with_part(std::string text, std::string_view place, std::string_view part) {
  return text.replace(text.rfind(place), place.size(), part);
}

}  // namespace reconcile::postgres
