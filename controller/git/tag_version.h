#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::git {

/// The version that a tag names, in the order of Semantic Versioning 2.0: numbers by their value,
/// a pre-release (1.2.0-rc.1, also 1.2.0rc1) before its release, build data (+…) without a say.
/// Any count of numbers will do; those that are missing are zero.
class TagVersion {
 public:
  /// Nothing where the text does not begin with a number.
  static std::optional<TagVersion> parse(std::string_view text);

  std::weak_ordering operator<=>(const TagVersion& other) const;

 private:
  std::vector<std::string> numbers_;  // without zeros in front, so that longer is larger
  std::vector<std::string> before_;   // the parts of a pre-release; none for a release
};

/// The part of a tag's name where its version begins: behind what the pattern says literally up to
/// its first wildcard, and behind anything that is no digit. "v1*" does not take the 1 away.
std::string_view version_in(std::string_view tag, std::string_view pattern);

}  // namespace reconcile::git
