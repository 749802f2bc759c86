#pragma once

#include <string>

#include "reconcilers/core/text_table.h"

namespace reconcile {

/// A state of the schema.
struct Seen {
  std::string fingerprint;  ///< digest of the whole catalog and the metadata rows
  /// Equal ones prove that nothing was written to either in between, and are quick to ask for;
  /// different ones prove nothing.
  std::string pulse;
};

/// One database as its catalog tells it: raw rows, interpreted by reconcilers/snapshot. The columns
/// of each table are those of the .sql file of the same name beside the adapter; their order is the
/// contract between the two.
struct LiveState {
  bool directus = false;   ///< the three metadata tables exist
  Seen seen;               ///< the state it is in
  std::string moment;      ///< when it was read, see StateReader::moment
  TextTable tables;        ///< ordinary tables of schema public
  TextTable keyed_tables;  ///< those, and partitioned ones, whose primary key is one column
  TextTable columns;       ///< their columns, with default, lengths, uniqueness
  TextTable foreign_keys;  ///< single-column foreign keys between them
  TextTable collections;   ///< directus_collections, every column it has
  TextTable fields;        ///< directus_fields
  TextTable relations;     ///< directus_relations
  TextTable migrations;    ///< versions in directus_migrations; read for an export only
};

}  // namespace reconcile
