#pragma once

#include <string>
#include <vector>

namespace reconcile {

/// What a statement does that runs alone: PostgreSQL refuses it inside a transaction, lets nobody
/// use its value of an enum before the commit, or would keep a table locked for as long as it takes
/// to read it. And the names by which the catalog tells whether it is done.
struct Alone {
  enum class Kind {
    CreateIndex,
    DropIndex,
    ReindexIndex,
    ReindexTable,
    DetachPartition,
    AddValue,
    AddUnique,  ///< out of an index that is there
    Validate,   ///< a constraint that does not count for older rows yet
    SetNotNull  ///< which a constraint proves
  };

  Kind kind = Kind::CreateIndex;
  std::string command = {};    ///< "CREATE INDEX CONCURRENTLY"
  std::string relation = {};   ///< as SQL: table that gets the index, index, table, parent, or enum
  std::string name = {};       ///< index that is made, value that is added, constraint, column
  std::string partition = {};  ///< as SQL: that is detached
  std::string inside = {};     ///< the same as a statement for inside a transaction
  std::string copy = {};       ///< as SQL: a table of the same name in pg_temp
  std::string on_copy = {};    ///< the index on that one
  std::string proof = {};      ///< the constraint that goes with it
  std::string undo = {};       ///< what takes away what a failure leaves in its writers' way
  std::string violators = {};  ///< counts the rows that do not allow it; empty where any do
  std::string violation = {};  ///< what is wrong with those: "have no value in notes"
};

/// What the catalog has of it.
struct AloneState {
  bool there = false;    ///< index, value, constraint, NOT NULL, or partition that is attached
  bool whole = true;     ///< index or constraint that is valid; partition that is not half detached
  bool as_asked = true;  ///< it is what the statement would make
  std::string object = {};  ///< its full name, as the inventory has it
  std::string about = {};   ///< the partition, as the inventory has what its objects are about
  std::string gone = {};    ///< the full name of what it has taken the place of
  std::string found = {};   ///< its definition, for people
  std::vector<std::string> leftovers =
      {};  ///< as SQL: what a REINDEX that broke off has left behind
  std::string builder =
      {};  ///< who works on its table just now, "pid 4711"; empty where nobody does
};

}  // namespace reconcile
