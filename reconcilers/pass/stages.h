#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>

#include "reconcilers/core/allowances.h"
#include "reconcilers/core/catalog_facts.h"
#include "reconcilers/migrations/plan.h"
#include "reconcilers/pass/desired_state.h"
#include "reconcilers/pass/pass.h"

namespace reconcile {

/// The stages of one pass, in the order of design §3. Each either lets the pass go on or ends it
/// with an outcome. Private to this folder; run_pass() is the way in.
class Pass {
 public:
  Pass(const PassOptions& options, PassPorts ports);
  PassReport run();

 private:
  using Ended = std::optional<Outcome>;

  // observe.cc: what git says and what the database has
  Ended fetch();
  Ended connect();
  Ended acquire_lease();
  Ended read_ledger();
  Ended go_to_base();
  Ended prove_continuity();
  Ended look_again();
  Ended recognise();
  Ended look_ahead();

  // candidate.cc: which revision it is about, and who answers for it
  Result<Revision> newest_revision();
  Ended prove_signature();

  // rollback.cc: going back on purpose, and staying there
  Ended prove_rollback();
  Result<std::optional<Hold>> undoes_rollback();
  Result<void> reverse_renames();
  void name_ways_out(std::vector<Hold>& holds) const;
  std::string newest_known() const;
  bool goes_back() const;
  bool changes_nothing() const;
  std::string undone() const;

  Result<bool> same_files_as_base() const;
  Ended read_files();
  Ended read_snapshot();
  Ended read_base();
  Ended plan();
  Result<void> read_allowances();

  // hazards.cc: what the plan's SQL may do beside what it is for
  Result<void> find_hazards();
  void place_steps();
  Result<bool> a_table_was_filled();
  void attach_hazards();

  // apply.cc: what is done about it
  Ended decide();
  std::vector<Hold> closed_gates() const;
  bool may_resolve_itself(const Hold& hold) const;
  Ended act();
  Outcome apply();
  Result<std::optional<Outcome>> apply_once();
  Result<std::optional<Outcome>> run_stretch();
  Result<std::optional<Outcome>> ended_inside(Outcome outcome);
  Result<void> schema_is_as_planned();
  Result<void> run_stage(Stage stage);
  Result<void> run_snapshot();
  Result<std::optional<Outcome>> replan_snapshot();
  Result<void> verify(Stage after);
  Result<void> is_as_desired(const LiveState& live, Stage after);
  Result<void> accept_drift(const std::vector<Drift>& observed, Stage after);
  Result<void> commit();
  bool went_live_after_all();
  void settle();
  void tell_stays();
  void tell_failure();

  // stretches.cc: a pass in pieces, where not all of it runs in one transaction
  void number_stretches();
  bool is_last_stretch() const { return stretch_ == last_stretch_; }
  bool is_idle_stretch() const;
  Result<void> begin_checked();
  Result<void> confirm_lead();
  Result<void> open_stretch();
  Result<void> commit_stretch(const Step* alone);
  Ended prove_begun();
  Hold begun_on_top() const;
  void tell_progress();

  // gentle.cc: what the snapshot asks of tables that are in use
  void take_gentle_ways(const std::set<const Statement*>& chosen);
  void keep_gentle_ways(std::vector<Step>& again);
  bool is_pending(const ObjectIdentity& object) const;

  // alone.cc: what runs outside of any transaction
  Result<std::optional<Outcome>> run_alone();
  Result<std::optional<Outcome>> run_alone(const Step& step, std::size_t number);
  Result<void> run_to_its_end(const Step& step, const Statement& statement,
                              const std::vector<std::string>& clear, const std::string& text);
  Result<void> begin_attributing(const Step& step, const Alone& what);
  Result<void> settle_alone(const Step& step, std::size_t number, std::int64_t entry);
  void clear_after_failure(const Step& step, const Statement& statement);

  Result<std::vector<ObjectIdentity>> objects_of(const Alone& what, const AloneState& state);
  Result<std::vector<Hold>> look_at_alone();
  Result<void> look_at_rows();
  void leave_out_pending();

  // stock.cc: what git owns
  void saw(Seen seen);
  void forget_seen();
  Result<void> compare_with_inventory();
  void leave_out_ignored();
  Result<void> take_stock();
  Result<void> find_late_drift();
  std::vector<Drift> drift_beside(std::span<const Drift> snapshot) const;
  Result<void> attribute(const std::string& file);
  Result<void> finish_attributing();
  void find_restated();
  Result<void> adopt(const std::string& file, std::span<const ObjectIdentity> objects);
  void leave_out_adopted(std::span<const Step> steps);
  bool begin_to_attribute_snapshot();
  void plan_healing(const LiveState& live);
  std::set<ObjectIdentity> plan_statements(std::vector<Difference> entries);
  Result<void> replan_healing();
  Result<void> verify_healing();
  bool heals() const;

  // losses.cc: what would be lost, and whether that is meant
  Result<std::vector<Hold>> judge_losses();
  Result<void> lock_losses();
  Result<void> count_losses();
  Result<std::optional<Outcome>> confirm_losses();
  void note_quarantine();

  // beside.cc: the Directus servers that work on the database
  void tell_instances();
  void told(const std::string& instance, const std::string& since);
  void not_told(const std::string& instance, const std::string& since, const Error& error);
  void warn_of_stale_instances();
  Ended bootstrap(LiveState& live);
  Plan plan_bootstrap() const;

  // watch.cc: who changes the database besides git
  void keep_watch();
  void name_culprits();

  Hold without_directus() const;
  Plan plan_snapshot(const SnapshotFile& base, const SnapshotFile& desired,
                     const LiveState& live) const;
  bool begun_is_base() const;
  Result<SnapshotFile> snapshot_of(const std::string& base) const;
  Result<migrations::MigrationPlan> plan_migrations() const;
  Result<void> check_syntax(std::span<const Step> steps);
  void count_rows();
  void report_drift_from_base();
  std::vector<RecordedMigration> records(int last) const;
  std::string settled_with(std::span<const RecordedMigration> added) const;
  std::span<const Step> steps_of(Stage stage) const;

  const PassOptions& options_;
  PassPorts ports_;
  std::unique_ptr<Connection> connection_;
  LedgerState ledger_;
  bool loaded_ = false;           ///< the candidate's files and snapshot are read
  Seen planned_;                  ///< the state the plan was made for
  std::optional<Seen> seen_;      ///< what this pass has made of it, within its transaction
  bool looked_again_ = false;     ///< at the branch, under the lease
  bool reads_ahead_ = false;      ///< nobody else uses the connection then
  FileTree tree_;                 ///< of the candidate, until its snapshot is read
  bool nothing_desired_ = false;  ///< the candidate has no files at all
  std::vector<migrations::Migration> files_;
  SnapshotFile desired_;
  SnapshotFile applied_;  ///< with the revision that is applied
  SnapshotFile base_;     ///< that one, or what has begun to be live on top of it
  Allowances allowances_;
  std::optional<CatalogFacts> facts_;  ///< that the plan's hazards are judged by
  std::vector<std::string> roots_;
  std::vector<RecordedMigration> adopted_;
  /// What the snapshot's comparison found when planned, whoever made it so: nothing of this pass.
  std::set<ObjectIdentity> known_drift_;
  std::vector<Drift> snapshot_drift_;    ///< that comparison itself
  std::vector<Difference> differences_;  ///< of the database and the inventory, when planned
  std::set<ObjectIdentity> restated_;    ///< by the snapshot: it says now what was made by hand
  std::set<ObjectIdentity> healing_;     ///< what this pass brings back by its definition
  std::string planned_at_;               ///< the moment whose database the plan is for
  int stretch_ = 0;                      ///< that runs
  int snapshot_stretch_ = 0;             ///< a transaction, like all even ones
  int last_stretch_ = 0;
  bool progressed_ = false;  ///< a stretch is live since the plan was made
  bool continues_ = false;   ///< the candidate builds on what has begun to be live
  PassReport report_;
  std::chrono::steady_clock::time_point started_;
};

/// Ends a pass that failed in `stage`.
Outcome failed(Stage stage, Error error);

/// What the plan was made for is not as it was: it is made anew, and tried again.
Error moved_under_us(std::string what);

/// Ends a pass that has to wait for a person.
Outcome held(Hold hold);

}  // namespace reconcile
