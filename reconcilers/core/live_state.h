#pragma once

#include <string>

#include "reconcilers/core/text_table.h"

namespace reconcile {

/// One database as its catalog tells it: raw rows, interpreted by reconcilers/snapshot. The columns
/// of each table are those of the .sql file of the same name beside the adapter; their order is the
/// contract between the two.
struct LiveState {
  bool directus = false;    ///< the three metadata tables exist
  std::string fingerprint;  ///< of the catalog and the metadata rows
  std::string moment;       ///< when it was read, see StateReader::moment
  TextTable tables;         ///< ordinary tables of schema public
  TextTable keyed_tables;   ///< those, and partitioned ones, whose primary key is one column
  TextTable columns;        ///< their columns, with default, lengths, uniqueness
  TextTable foreign_keys;   ///< single-column foreign keys between them
  TextTable collections;    ///< directus_collections, every column it has
  TextTable fields;         ///< directus_fields
  TextTable relations;      ///< directus_relations
  TextTable migrations;     ///< versions in directus_migrations; read for an export only
};

}  // namespace reconcile
