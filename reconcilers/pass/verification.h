#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reconcilers/core/catalog_entry.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/pass/desired_state.h"

namespace reconcile {

/// Something that is wrong with a revision, found on a throwaway database.
struct Finding {
  std::string way;    ///< "from nothing", "from 9f3c2a1b00", or what was compared
  std::string where;  ///< file and line, or an object; may be empty
  std::string what;   ///< one line
  std::string next;   ///< the way out
};

/// What a verification of one target came to.
struct Verification {
  std::string target;
  Revision revision;
  std::optional<Revision> base;     ///< nothing where only the way from nothing was gone
  std::vector<Finding> findings;    ///< empty: the revision can go live on either way
  std::vector<std::string> losses;  ///< what it takes away from a database at its base
  std::vector<std::string> notes;
  std::chrono::milliseconds duration{0};
};

/// Why a pass did not apply its revision; empty where it did. `desired` is the revision's snapshot:
/// with it the order of things can be explained.
std::vector<Finding> findings_of(const PassReport& report, const std::string& way,
                                 const SnapshotFile& desired);

/// What a second pass would do again.
std::vector<Finding> findings_of_second_pass(const PassReport& report, const std::string& way);

/// How the database made from nothing differs from the one made from base, object by object. Both
/// are sorted.
std::vector<Finding> differences(std::span<const CatalogEntry> from_nothing,
                                 std::span<const CatalogEntry> from_base,
                                 const std::string& base_way);

/// The steps of a pass that take away or narrow something.
std::vector<std::string> losses_of(const PassReport& report);

}  // namespace reconcile
