#pragma once

#include <memory>
#include <optional>
#include <span>

#include "reconcilers/core/allowances.h"
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
  Ended read_files();
  Ended connect();
  Ended acquire_lease();
  Ended read_ledger();
  Ended prove_continuity();
  Ended recognise();
  Ended read_snapshot();
  Ended read_base();
  Ended plan();
  Result<void> read_allowances();

  // apply.cc: what is done about it
  Ended decide();
  Ended act();
  Outcome apply();
  Result<std::optional<Outcome>> apply_once();
  Result<void> run_stage(Stage stage);
  Result<std::optional<Outcome>> replan_snapshot();
  Result<void> verify(Stage after);
  Result<void> accept_drift(const std::vector<Drift>& observed, Stage after);
  Result<void> commit();
  bool went_live_after_all();
  void settle();

  Result<Plan> plan_snapshot(const SnapshotFile& base, const SnapshotFile& desired,
                             const LiveState& live) const;
  Result<SnapshotFile> base_snapshot() const;
  migrations::MigrationPlan plan_migrations() const;
  void count_rows();
  void report_unmanaged_only();
  std::vector<RecordedMigration> records() const;
  std::span<const Step> steps_of(Stage stage) const;

  const PassOptions& options_;
  PassPorts ports_;
  std::unique_ptr<Connection> connection_;
  LedgerState ledger_;
  FileTree tree_;  ///< of the candidate, until its snapshot is read
  std::vector<migrations::Migration> files_;
  SnapshotFile desired_;
  SnapshotFile base_;
  Allowances allowances_;
  std::vector<std::string> roots_;
  std::vector<RecordedMigration> adopted_;
  PassReport report_;
  std::chrono::steady_clock::time_point started_;
};

/// Ends a pass that failed in `stage`.
Outcome failed(Stage stage, Error error);

/// Ends a pass that has to wait for a person.
Outcome held(Hold hold);

}  // namespace reconcile
