#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/catalog/adopt.h"
#include "reconcilers/pass/adoption.h"

// The SQL half of an adoption. Private to this folder.
namespace reconcile {

/// The files that make these pieces where they are not: one behind the snapshot, and one before it
/// with what `with_snapshot` stands on, which the snapshot brings.
Result<std::vector<File>> adoption_files(const AdoptionInputs& inputs,
                                         const std::vector<catalog::Adoption>& pieces,
                                         const std::vector<Difference>& with_snapshot);

/// What the database has of it, or else what git made.
inline const std::string& definition(const Difference& entry) {
  return entry.live ? *entry.live : *entry.owned;
}

/// For comments and messages: names may hold line breaks.
std::string in_one_line(std::string_view text);

}  // namespace reconcile
