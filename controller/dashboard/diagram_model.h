#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reconcilers/core/live_state.h"
#include "reconcilers/core/plan.h"

namespace reconcile::dashboard {

/// What a plan does to a table, a column or a reference.
enum class Mark { Same, Added, Changed, Removed, Renamed };

/// Tables as a diagram needs them.
struct Schema {
  struct Column {
    std::string table, name, type;
    bool key = false;  ///< the primary key, where that is one column
  };
  struct Reference {
    std::string table, column, to;  ///< `to` is a table
  };
  std::vector<Column> columns;
  std::vector<Reference> references;
};

/// Of what a StateReader has read. An empty state makes an empty schema, and a diagram of what the
/// plan names alone.
Schema schema_of(const LiveState& live);

struct DiagramColumn {
  std::string name, type;
  bool key = false;
  Mark mark = Mark::Same;
  std::string detail = {};  ///< what the plan says of it
};

struct DiagramTable {
  std::string name;
  std::vector<DiagramColumn> columns;  ///< the changed ones, keys and references
  std::size_t others = 0;              ///< columns that are not shown
  Mark mark = Mark::Same;
  bool neighbour = false;  ///< unchanged, one reference away
};

struct DiagramLink {
  std::size_t from = 0, to = 0;  ///< in Diagram::tables
  std::string column;
  Mark mark = Mark::Same;
};

struct Diagram {
  std::vector<DiagramTable> tables;  ///< by name
  std::vector<DiagramLink> links;    ///< by their tables and column
};

/// What the plan changes, and one reference beyond.
Diagram diagram_of(const Plan& plan, const Schema& schema);

}  // namespace reconcile::dashboard
