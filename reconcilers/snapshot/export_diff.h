#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconcile::snapshot {

/// One entry in which a committed snapshot and the live one are not the same text.
struct ExportDifference {
  enum class Kind {
    Changed,  ///< both have it
    OnlyInFile,
    OnlyInDatabase,
    Order,    ///< the same entries, one after the other in another order
    Writing,  ///< the same entries, but not the same bytes around them
  };
  Kind kind = Kind::Changed;
  std::string entry;               ///< "field clubs.name", "header", "fields of clubs"
  std::vector<std::string> lines;  ///< of a changed one: "- " file, "+ " database
};

/// Compares two snapshots in YAML, each as Directus writes it, entry by entry. Empty where they are
/// byte for byte the same.
std::vector<ExportDifference> export_differences(std::string_view file, std::string_view database);

}  // namespace reconcile::snapshot
