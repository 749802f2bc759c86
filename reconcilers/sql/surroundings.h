#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/catalog_facts.h"

namespace reconcile::sql {

/// A name as a statement has it, or with the schema that it turns out to be in.
struct QualifiedName {
  std::string schema;  ///< empty where the statement leaves it out
  std::string name;

  std::string text() const { return schema.empty() ? name : schema + "." + name; }
  auto operator<=>(const QualifiedName&) const = default;
};

/// Of a RangeVar, and of the list of strings that other nodes hold a name as.
QualifiedName name_of_range(const boost::json::object& range);
QualifiedName name_of_parts(const boost::json::array& parts);

/// How a table stands when a statement comes to it.
enum class Standing {
  Made,       ///< by an earlier statement of the plan: nobody else can see it yet
  Empty,      ///< nobody has anything in it
  Populated,  ///< or nothing is known of it, which counts as much
};

/// A table that a statement is about.
struct Table {
  QualifiedName name;
  Standing standing = Standing::Populated;
  const CatalogFacts::Relation* facts = nullptr;  ///< null where nothing is known

  bool at_stake() const { return standing == Standing::Populated; }
  std::string text() const { return name.text(); }
};

/// What the database is like while the statements of one plan run, one after the other: the facts
/// from before it, and what its statements have made, renamed and set since.
class Surroundings {
 public:
  /// `facts` may be null: then every table that no statement has made counts as populated.
  explicit Surroundings(const CatalogFacts* facts);

  const CatalogFacts* facts() const { return facts_; }
  /// What a file sets ends with it.
  void begin_file();

  Table table(const QualifiedName& written) const;
  /// A type or domain of that name; null where nothing is known of it.
  const CatalogFacts::Type* type(const QualifiedName& written) const;
  /// Whether each call of the function may come to something else.
  bool is_volatile(std::string_view function) const;
  /// Whether it is known to be PostgreSQL's own.
  bool is_built_in(std::string_view function) const;

  void made_table(const QualifiedName& written, bool unless_there, bool temporary);
  void renamed_table(const QualifiedName& written, const QualifiedName& now);
  void dropped_table(const QualifiedName& written);
  /// Nothing is where it was for certain any more.
  void ran_something_opaque() { opaque_ = true; }

  void made_column(const Table& table, std::string_view column);
  void renamed_column(const Table& table, std::string_view column, std::string_view now);
  /// What the column was called before the plan; empty where the plan has made it.
  std::string column_before(const Table& table, std::string_view column) const;
  /// The column as it was before the plan; null where nothing is known of it.
  const CatalogFacts::Column* column_facts(const Table& table, std::string_view column) const;

  /// A CHECK or foreign key of the plan; `not_null` is the column that it proves to be not NULL.
  void added_constraint(const Table& table, std::string_view constraint, std::string_view not_null,
                        bool valid);
  /// Whether its NOT VALID stands in the same plan.
  bool validated_constraint(const Table& table, std::string_view constraint);
  bool is_proven_not_null(const Table& table, std::string_view column) const;

  void set_search_path(std::optional<std::vector<std::string>> schemas) {
    search_path_ = std::move(schemas);
    path_is_set_ = true;
  }
  bool has_own_path() const { return path_is_set_; }
  void set_time_zone() { own_time_zone_ = true; }
  bool has_own_time_zone() const { return own_time_zone_; }

 private:
  struct Constraint {
    std::string not_null;
    bool validated = false;
  };
  using Column = std::pair<QualifiedName, std::string>;

  std::vector<QualifiedName> candidates(const QualifiedName& written) const;
  const CatalogFacts::Relation* fact(const QualifiedName& name) const;
  QualifiedName created_name(const QualifiedName& written, bool temporary) const;

  const CatalogFacts* facts_;
  std::multimap<std::string, const CatalogFacts::Relation*, std::less<>> relations_;  ///< by name
  std::set<QualifiedName> made_, dropped_;
  std::map<QualifiedName, QualifiedName> renamed_;  ///< what it is called now, and was before
  std::map<Column, std::string> former_columns_;    ///< names before; empty for those that are made
  std::set<Column> proven_;
  std::map<Column, Constraint> constraints_;  ///< by table and constraint
  std::optional<std::vector<std::string>> search_path_;
  bool path_is_set_ = false;
  bool own_time_zone_ = false;
  bool opaque_ = false;
};

}  // namespace reconcile::sql
