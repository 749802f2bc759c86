#pragma once

#include <string>

#include "reconcilers/snapshot/directus_version.h"
#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// The live database as `directus schema snapshot` of this version has it, entity by entity and key
/// by key in its order.
Snapshot exported(const LiveState& live, const DirectusVersion& version);

/// A snapshot as a file, byte for byte as Directus writes it; the order is the snapshot's.
std::string to_yaml(const Snapshot& snapshot, YamlNumbers numbers);
std::string to_json(const Snapshot& snapshot);

}  // namespace reconcile::snapshot
