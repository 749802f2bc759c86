#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/sql/column_type.h"
#include "reconcilers/sql/hazards.h"
#include "reconcilers/sql/surroundings.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {

/// Reads the statements of one plan, one after the other. Private to reconcilers/sql; hazards() is
/// the way in.
class HazardReader {
 public:
  explicit HazardReader(const CatalogFacts* facts) : around_(facts) {}

  void read(const PlannedStatement& planned);
  std::vector<FoundHazard> finish();
  /// The numbers of the statements that have to run alone, once all are read.
  std::vector<std::size_t> alone();

 private:
  using Members = boost::json::object;

  // hazard_reader.cc
  void read_text(std::string_view text);
  void read_tree(std::string_view type, const Members& statement);
  void read_block(std::string_view text, const Members& statement);
  /// `locked` is the table whose lock it takes, where that is not the object.
  Hazard& add(std::string_view code, const ObjectIdentity& object, std::string_view other = {},
              std::string_view locked = {});
  Hazard& add(std::string_view code, const Table& table, std::string_view other = {});
  Hazard& add_column_hazard(std::string_view code, const Table& table, std::string_view column,
                            std::string_view other = {});
  void add_brief_lock(const Table& table, std::string_view mode);
  void note_locks(std::size_t first);
  void look_at_names(std::span<const Token> tokens);
  void look_for_values(std::string_view text);

  // hazards_of_objects.cc: CREATE, DROP, RENAME of whole objects
  bool read_object(std::string_view type, const Members& statement);
  void drop(const Members& statement);
  void drop_relation(std::string_view kind, const QualifiedName& name, bool cascade);
  void drop_index(const QualifiedName& name, bool alone);
  void drop_schema(const Members& statement);
  void create_table(const Members& statement);
  void create_table_as(const Members& into, bool unless_there);
  void create_index(const Members& statement);
  void rename(const Members& statement);
  void alter_enum(const Members& statement);
  void alter_domain(const Members& statement);
  void reindex(const Members& statement);

  // hazards_of_alter_table.cc
  void alter_table(const Members& statement);
  void alter_table_command(const Table& table, const Members& command);
  void add_column(const Table& table, const Members& column);
  void column_constraint(const Table& table, std::string_view column, const Members& constraint);
  void column_default(const Table& table, std::string_view column, const Members& constraint);
  void drop_column(const Table& table, const Members& command);
  void change_type(const Table& table, const Members& command);
  void add_constraint(const Table& table, const Members& constraint);
  void add_check(const Table& table, const Members& constraint);
  void add_key(const Table& table, const Members& constraint, bool primary);
  void foreign_key(const Table& table, std::string_view column, const Members& constraint,
                   bool scans);
  void dropped_foreign_keys(const Table& table, std::string_view constraint,
                            std::string_view column);
  void partition(const Table& table, const Members& command, bool attach);

  // hazards_of_rows.cc: what works on rows, sets something, or hides what it does
  bool read_rows(std::string_view type, const Members& statement);
  void truncate(const Members& statement);
  void every_row(std::string_view code, const Members& statement);
  void nested_changes(const boost::json::value& tree);
  void select(const Members& statement);
  void set(const Members& statement);
  void opaque(std::string_view code, std::string_view name);

  struct PendingForeignKey {
    std::size_t statement;
    QualifiedName table;
    std::string column;
    Hazard hazard;
  };

  Surroundings around_;
  std::vector<FoundHazard> found_;
  std::size_t number_ = 0;  ///< of the statement that is read
  int line_ = 0;
  bool generated_ = false;
  bool in_block_ = false;             ///< of DO, where nobody knows which statements come to run
  std::set<std::string> locked_;      ///< tables with rows that nobody can read any more
  std::set<std::string> told_of_;     ///< those among them that are known to stay so for long
  bool may_run_alone_ = false;        ///< the statement that is read
  bool may_be_begun_ = false;         ///< a gentle way to do it, by an earlier pass
  bool inherited_ = false;            ///< its table is a parent, and PostgreSQL has no gentle way
  std::vector<std::size_t> alone_;    ///< statements that have to run so
  std::vector<std::size_t> adding_;   ///< values to enums that were there before the plan
  std::set<std::string> added_;       ///< those values, as literals
  bool used_ = false;                 ///< one of them, in this plan
  std::set<std::string> new_values_;  ///< that other enums were given in this plan
  std::set<std::pair<QualifiedName, std::string>> indexed_;  ///< table and first column
  std::vector<PendingForeignKey> foreign_keys_;
};

/// Counts the rows of a table as it was before the plan, or the values of one of its columns; empty
/// where nothing is known of it.
std::string count_of(const Table& table, std::string_view column = {});
/// The names of all functions that are called anywhere in `tree`.
std::vector<std::string> functions_called(const boost::json::value& tree);

}  // namespace reconcile::sql
