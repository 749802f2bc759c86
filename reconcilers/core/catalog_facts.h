#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reconcile {

/// What the hazards of SQL depend on and SQL does not say: what is in the database now. Read for
/// the names that a plan mentions, whatever they turn out to be.
struct CatalogFacts {
  struct Column {
    std::string name;
    std::string type;   ///< as format_type() calls it, without its modifier
    int modifier = -1;  ///< atttypmod
    bool not_null = false;
  };
  /// CHECK (column IS NOT NULL), and nothing else.
  struct NotNullCheck {
    std::string name;
    std::string column;
    bool validated = false;
  };
  struct ForeignKey {
    std::string name;
    std::string schema, table;         ///< that it refers to
    std::vector<std::string> columns;  ///< its own
  };
  struct Relation {
    std::string schema;
    std::string name;
    std::string kind;        ///< pg_class.relkind
    bool visible = false;    ///< found without its schema, by the role's own search path
    bool inherited = false;  ///< by partitions, children, or the chunks of a hypertable
    /// Holds rows, in itself or in what inherits from it; for an index its table does, for a
    /// sequence it has counted. A table that was emptied by DELETE counts until it is vacuumed.
    bool populated = false;
    bool referrers_populated = false;  ///< a table that refers to it, directly or not, holds rows
    std::optional<std::int64_t> rows = {};  ///< the planner's estimate
    std::string table = {};                 ///< of an index: "schema.table"
    std::vector<Column> columns = {};       ///< of an index: those of its key
    std::vector<NotNullCheck> not_null_checks = {};
    std::vector<ForeignKey> foreign_keys = {};
    std::vector<std::string> indexed = {};  ///< columns that an index begins with
  };
  struct Type {
    std::string schema;
    std::string name;
    bool constrained = false;  ///< a domain with constraints
    bool in_use = false;       ///< by a column of a table that holds rows
  };
  struct Function {
    std::string name;
    bool is_volatile = false;  ///< one of this name is
    bool built_in = false;     ///< all of this name are of pg_catalog
  };

  std::string default_schema = "public";  ///< where CREATE TABLE without a schema puts it
  std::vector<Relation> relations;
  std::vector<Type> types;
  std::vector<Function> functions;
};

/// The names to read facts for.
struct MentionedNames {
  std::set<std::string> names;    ///< relations, types and functions, in every schema
  std::set<std::string> schemas;  ///< whose relations are all meant

  bool empty() const { return names.empty() && schemas.empty(); }
};

}  // namespace reconcile
