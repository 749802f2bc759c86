#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/test_database.h"

// What a walk through a history of commits, hand-made changes and passes is judged by. A database
// is looked at as a World; a transition from one World to the next keeps the laws or breaks one.

namespace reconcile::test {

/// Names are "TABLE/WHAT", as in "clubs/column name", "clubs/note name", "clubs/index i_3".
using Names = std::set<std::string>;

/// What an SQL file makes: all of a table ("s_3/") or one thing; and the field that it is made on.
struct Made {
  std::string name;
  std::string field;

  bool operator==(const Made&) const = default;
};

/// What a commit wants, as the test knows it because it wrote it.
struct Tree {
  /// Notes by field, by collection.
  std::map<std::string, std::map<std::string, std::string>> collections;
  std::set<std::string> indexed;      ///< fields, "clubs.name"
  std::map<std::string, Made> files;  ///< SQL files by path
  std::set<std::string> broken;       ///< files that cannot run

  bool has(const std::string& field) const;
  void remove_field(const std::string& collection, const std::string& field);
  void remove_collection(const std::string& collection);

  std::string snapshot() const;
};

/// What becomes something else between two trees; "TABLE/" is all of a table.
struct Intent {
  Names changed;
  Names removed;  ///< as messages name them: "collection clubs", "field clubs.name"

  bool covers(const std::string& name) const;
};
Intent intent_between(const Tree& base, const Tree& desired);
/// All that is in one of the two.
Intent both(Intent one, const Intent& other);

struct Stored {
  std::string object;  ///< "collection clubs", "field clubs.name"
  bool open = true;
  std::map<std::string, boost::json::object> rows;  ///< by id

  bool operator==(const Stored&) const = default;
};

/// All of a database that matters here.
struct World {
  std::map<std::string, std::string> objects;
  std::map<std::string, std::map<std::string, boost::json::object>> rows;  ///< by table and id
  std::map<std::string, Stored> quarantine;                                ///< by number
  std::map<std::string, int> marks;  ///< how often each SQL file has run
  std::string base;                  ///< the newest applied commit; empty: none
  std::string begun;                 ///< a newer one of which a part is live; empty: none

  bool operator==(const World&) const = default;
};
World look_at(Connection& connection);

/// Names of what is there in only one of them, or otherwise.
Names differences(const World& before, const World& after);

/// Tables and columns that are gone, as messages name them.
Names removals(const World& before, const World& after);

/// Each of these is a line for each law that is broken; empty when none is.
std::vector<std::string> rows_lost(const World& before, const World& after,
                                   const std::string& restored = "");
std::vector<std::string> untouched(const World& before, const World& after);
std::vector<std::string> not_as_committed(const World& world, const Tree& tree,
                                          const Names& by_hand);

}  // namespace reconcile::test
