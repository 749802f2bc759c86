#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::test {

/// One of everything, as SQL files make it.
extern const std::string_view one_of_everything;

/// What somebody does to a database that has one of everything, and a collection `clubs` with a
/// field `name`.
struct DriftCase {
  std::string name;
  std::string by_hand;
  std::string kind;  ///< missing, altered or unmanaged
  std::string object;
  bool healed = true;  ///< whether git brings it back without a person
};
std::ostream& operator<<(std::ostream& stream, const DriftCase& test);

const std::vector<DriftCase>& drift_cases();

}  // namespace reconcile::test
