#pragma once

#include <string>
#include <vector>

namespace reconcile {

/// What a statement does that runs alone: PostgreSQL refuses it inside a transaction, or, for a
/// value of an enum, lets nobody use it before the commit. And the names by which the catalog tells
/// whether it is done.
struct Alone {
  enum class Kind { CreateIndex, DropIndex, ReindexIndex, ReindexTable, DetachPartition, AddValue };

  Kind kind = Kind::CreateIndex;
  std::string command = {};    ///< "CREATE INDEX CONCURRENTLY"
  std::string relation = {};   ///< as SQL: table that gets the index, index, table, parent, or enum
  std::string name = {};       ///< index that is made, value that is added
  std::string partition = {};  ///< as SQL: that is detached
  std::string inside = {};     ///< the same as a statement for inside a transaction
  std::string copy = {};       ///< as SQL: a table of the same name in pg_temp
  std::string on_copy = {};    ///< the index on that one
};

/// What the catalog has of it.
struct AloneState {
  bool there = false;       ///< index, value, or partition that is attached
  bool whole = true;        ///< index that is valid; partition that is not half detached
  bool as_asked = true;     ///< it is what the statement would make
  std::string object = {};  ///< its full name, as the inventory has it
  std::string about = {};   ///< the partition, as the inventory has what its objects are about
  std::string found = {};   ///< its definition, for people
  std::vector<std::string> leftovers =
      {};  ///< as SQL: what a REINDEX that broke off has left behind
  std::string builder =
      {};  ///< who works on its table just now, "pid 4711"; empty where nobody does
};

}  // namespace reconcile
