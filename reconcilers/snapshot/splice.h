#pragma once

#include <set>
#include <string>
#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// A snapshot in YAML with some entries ("field clubs.name") as another one has them, whether that
/// changes them, adds them or takes them away; all else is byte for byte as it was. Both are
/// written as Directus writes them: what comes of others has to be read to be believed.
std::string spliced(std::string_view file, std::string_view database,
                    const std::set<std::string>& entries);

/// The same for what is no text.
Snapshot spliced(const Snapshot& file, const Snapshot& database,
                 const std::set<std::string>& entries);

/// The text of one entry; empty where there is none.
std::string entry_text(std::string_view file, std::string_view entry);

}  // namespace reconcile::snapshot
