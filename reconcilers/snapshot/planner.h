#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "reconcilers/snapshot/by_name.h"
#include "reconcilers/snapshot/compare.h"
#include "reconcilers/snapshot/gentle_ddl.h"
#include "reconcilers/snapshot/metadata_rows.h"
#include "reconcilers/snapshot/plan.h"
#include "reconcilers/snapshot/rename.h"
#include "reconcilers/snapshot/three_way.h"

namespace reconcile::snapshot {

/// The order of statements within the snapshot stage: what stands in the way goes first, what needs
/// others goes last.
enum Rank : int {
  rename,    ///< everything else uses the new names
  remember,  ///< what is about to go, before any part of it does
  drop_relation,
  drop_field,
  drop_collection,
  create_sequence,
  create_table,
  alter_table,
  collection_row,  ///< plus its depth in folders: the row of a collection refers to its folder's
  field_row = collection_row + 1000,
  update_row,
  add_relation,
  relation_row,
  renumber,
  drop_collection_row = renumber + 1000,  ///< less its depth in folders, after what moved elsewhere
};

/// How many folders are around a collection, at most 999.
int folder_depth(const Collection& collection, const ByName<Collection>& all);

/// One planning run. Private to the snapshot reconciler; plan() is the way in.
class Planner {
 public:
  /// `live` is the database with the renames done, as `inputs.base` is.
  Planner(const Inputs& inputs, const Snapshot& live, std::vector<Rename> renames);
  Plan run();

 private:
  // planner_entities.cc: what git asks, entity by entity
  void collection(const Collection& desired);
  void field(const Field& desired);
  void relation(const Relation& desired);
  void create_table(const Collection& desired, Step& step);
  void create_column(const Field& desired, Step& step);
  void change_column(const Field& desired, const Field& live, std::vector<Difference> changes,
                     Step& step);
  void create_constraint(const Relation& desired, Step& step);
  void add_constraint(const ForeignKey& key, Step& step);
  void alter(std::vector<Statement>& statements, const Field& field, Step& step);
  std::string references_of_new(const Field& desired);
  void create_unlisted_constraint(const Field& desired, Step& step);
  void add_column_needs(const Field& desired, Step& step);
  void unsupported(const ObjectIdentity& object, const Error& error);

  // planner_renames.cc
  void renamed();
  void offer_renames();

  // planner_system.cc: indexes of Directus' own fields, and its limit of collections
  void system_fields();
  void collection_limit();

  // planner_removals.cc
  void removed_collections();
  void removed_fields();
  void removed_relations();
  void at_stake(Step& step, const std::string& collection, const std::string& field) const;
  std::string needed_by(const Collection& removed) const;
  std::string changed_since(const Collection& base, const Collection& live) const;

  // planner_order.cc
  void order();

  // planner_report.cc: what git does not ask: conflicts, drift, unmanaged objects
  bool consider(EntityDiff& diff, const ObjectIdentity& object, MetadataTable& rows,
                std::string_view part);
  bool decide(PartDiff& diff, const ObjectIdentity& object);
  void report_drift(const PartDiff& diff, const ObjectIdentity& object, std::string_view part);
  void unmanaged();
  void notes();
  void conflict(const ObjectIdentity& object, const std::string& what);
  void in_lost_collection(const EntityDiff& diff, const ObjectIdentity& object);

  Step step(Action action, ObjectIdentity object, std::string group, std::string detail) const;
  void add(Step step) {
    if (!renames_.empty()) step.former_name = name_before(renames_, step.object);
    plan_.steps.push_back(std::move(step));
  }
  bool is_removed(const std::string& collection) const;
  bool is_new_table(const std::string& collection) const {
    return new_tables_.contains(collection);
  }

  const Inputs& in_;
  const Snapshot& live_;
  const std::vector<Rename> renames_;
  ByName<Collection> base_collections_, desired_collections_, live_collections_;
  ByName<Field> base_fields_, desired_fields_, live_fields_;
  ByName<Relation> base_relations_, desired_relations_, live_relations_;
  MetadataTable collection_rows_, field_rows_, relation_rows_;
  std::set<std::string> new_tables_;
  std::set<std::string> missing_collections_;
  std::set<std::string> with_column_;  ///< relations whose constraint is made with their column
  std::set<std::string> retaken_;      ///< lost collections that a commit says to make anew
  std::map<std::string, std::vector<const Field*>> fields_by_collection_;
  std::map<std::string, int> unknown_;  ///< keys of `schema` that say something we do not know
  Plan plan_;
};

}  // namespace reconcile::snapshot
