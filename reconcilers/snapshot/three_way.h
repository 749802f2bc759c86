#pragma once

#include <span>
#include <vector>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// One attribute in which git and the database differ. The pointers live as long as the snapshots
/// they came from.
struct Difference {
  Key key;
  const Value* base;  ///< null where base has no such key
  const Value* desired;
  const Value* live;
};

/// What git asks of one part (metadata row or table, column, constraint) of one entity. Design §2,
/// law 2.
struct PartDiff {
  enum class Intent {
    Nothing,  ///< in place already, or not git's business
    Create,   ///< in desired only
    Change,   ///< `changes` are wanted
    Remove,   ///< in base and in the database, no longer in desired
  };
  Intent intent = Intent::Nothing;
  bool missing = false;                ///< base had it, the database has lost it
  bool changed_while_missing = false;  ///< and git changed it since: a conflict
  std::vector<Difference> changes;     ///< git changed it, the database still has base's value
  std::vector<Difference> conflicts;   ///< git changed it, and so did somebody else, differently
  std::vector<Difference> drift;       ///< git did not change it, the database has another value
  std::vector<Key> unknown;            ///< keys this database has no place for
};

/// Compares one part three ways. A null pointer means that the part does not exist on that side.
PartDiff three_way(const Attributes* base, const Attributes* desired, const Attributes* live,
                   std::span<const Key> ignored);

}  // namespace reconcile::snapshot
