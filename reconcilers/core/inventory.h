#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconcilers/core/plan.h"

namespace reconcile {

/// Who made an object what it is: a file and the commit it was applied from.
struct Origin {
  std::string file;
  std::string commit;
};

/// An object of the catalog that is not what git made of it. Definitions are the SQL that makes the
/// object, see controller/postgres/catalog_inventory.sql.
struct Difference {
  ObjectIdentity object;
  /// The table, or table.column, that it belongs to, without the schema where that is public.
  std::string about;
  std::optional<std::string> owned;  ///< by git; empty where git does not own it
  std::optional<std::string> live;   ///< in the database; empty where it is not there
  Origin origin;                     ///< empty where git does not own it
};

/// What became of an object of git's after it was made.
struct ObjectChange {
  std::string action;  ///< changed, removed
  Origin origin;
  std::string at;      ///< ISO 8601, UTC
  std::string before;  ///< its definition until then
};

/// All that is known of one object.
struct ObjectRecord {
  Difference state;
  std::string since;  ///< when git made it; ISO 8601, UTC
  std::vector<ObjectChange> changes;
  // What the repository says; empty where nobody has asked it, or it does not know the commit.
  int line = 0;              ///< in its file
  std::string author = {};   ///< of the commit
  std::string subject = {};  ///< of the commit
};

/// What of a database is taken for git's as it is, because who made it is not known.
enum class Trust {
  Nothing,
  Owned,       ///< what git owns, where its definitions were written in another way before
  Everything,  ///< what was there before there was an inventory
};

}  // namespace reconcile
