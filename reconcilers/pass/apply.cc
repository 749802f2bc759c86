#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "reconcilers/pass/settled.h"
#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/drift_rules.h"
#include "reconcilers/policy/hazard_levels.h"
#include "reconcilers/policy/losses.h"

namespace reconcile {
namespace {

constexpr std::array phases{Stage::Pre, Stage::Snapshot, Stage::Post, Stage::Seed};

Error with_stage(Error error, Stage stage) {
  if (!error.stage) error.stage = stage;
  return error;
}

/// Rows were counted for the plan before; the one that takes its place loses the same ones.
void keep_counts(std::span<const Step> before, std::span<Step> after) {
  for (Step& step : after) {
    if (!step.destructive) continue;
    const auto same = std::ranges::find(before, step.object, &Step::object);
    if (same != before.end()) step.rows_at_stake = same->rows_at_stake;
  }
}

/// How long to wait before the transaction is tried again: the lock queue behind us gets air first.
std::chrono::milliseconds backoff(int attempt) {
  return std::chrono::milliseconds(200 << std::min(attempt, 5));
}

}  // namespace

Error moved_under_us(std::string what) {
  return {.kind = ErrorKind::Conflict,
          .where = "the database",
          .what = std::move(what),
          .why = "",
          .next = "the pass plans again"};
}

/// What the snapshot cannot say, the SQL that runs before it can: the table that comes without its
/// columns, the default that is cut. With the plan that is made after that SQL it is decided.
bool Pass::may_resolve_itself(const Hold& hold) const {
  return hold.code == ReasonCode::UnsupportedSnapshot && hold.object.kind != "snapshot" &&
         !steps_of(Stage::Pre).empty();
}

Pass::Ended Pass::decide() {
  std::vector<Hold> holds;
  for (const Hold& hold : report_.plan.holds) {
    if (!may_resolve_itself(hold)) {
      holds.push_back(hold);
    } else if (options_.mode == Mode::DryRun) {
      report_.notes.push_back(
          fmt::format("unless SQL of this revision makes it, it will be held: {}", hold.message));
    }
  }
  auto losses = judge_losses();
  if (!losses) return failed(Stage::Read, losses.error());
  std::ranges::move(*losses, std::back_inserter(holds));
  if (options_.drift == DriftPolicy::Hold && !report_.plan.empty()) {
    if (auto hold = policy::drift_hold(report_.plan.drift)) holds.push_back(std::move(*hold));
  }
  std::ranges::move(policy::hazardous_steps(report_.plan.steps), std::back_inserter(holds));
  auto taken = look_at_alone();
  if (!taken) return failed(taken.error().stage.value_or(Stage::Read), taken.error());
  std::ranges::move(*taken, std::back_inserter(holds));
  std::ranges::move(closed_gates(), std::back_inserter(holds));
  if (holds.empty()) {
    auto allowed = look_at_rows();
    if (!allowed) return failed(allowed.error().stage.value_or(Stage::Read), allowed.error());
    return {};
  }
  if (options_.rollback) name_ways_out(holds);
  return Held{std::move(holds)};
}

/// Why nothing may be applied just now, where there is something to apply.
std::vector<Hold> Pass::closed_gates() const {
  if (report_.plan.empty()) return {};
  std::vector<Hold> gates = options_.gates;
  // Going back by hand is what people suspend a target for.
  if (!report_.suspension || options_.rollback) return gates;
  gates.push_back({ReasonCode::Suspended,
                   {"target", options_.target},
                   describe(*report_.suspension),
                   fmt::format("reconcile resume --target {}", options_.target)});
  return gates;
}

Pass::Ended Pass::act() {
  if (options_.mode == Mode::DryRun) {
    if (changes_nothing()) return InSync{};
    return Pending{};
  }
  const bool ledger_current = ledger_.base == report_.revision.commit && adopted_.empty() &&
                              ledger_.inventory_format == ledger_.current_format &&
                              ledger_.settled == settled_with({});
  if (report_.plan.empty() && ledger_current) return InSync{};
  return apply();
}

Outcome Pass::apply() {
  for (int attempt = 0;; ++attempt) {
    auto done = apply_once();
    if (done && *done) return std::move(**done);
    if (done) return changes_nothing() ? Outcome(InSync{}) : Outcome(Applied{});
    connection_->executor().rollback();
    forget_seen();
    const Error& error = done.error();
    const Stage stage = error.stage.value_or(Stage::Commit);
    if (stage == Stage::Commit && error.kind == ErrorKind::Transient && went_live_after_all()) {
      report_.notes.emplace_back(
          "the connection broke during the commit; the ledger shows that the revision is live");
      return Applied{};
    }
    if (error.kind != ErrorKind::Conflict || attempt + 1 >= options_.attempts)
      return failed(stage, error);
    report_.notes.push_back(fmt::format("attempt {} gave way: {}", attempt + 1, describe(error)));
    ports_.clock.sleep(backoff(attempt));
    for (const auto again : {&Pass::read_ledger, &Pass::prove_continuity, &Pass::read_files,
                             &Pass::read_snapshot, &Pass::read_base, &Pass::plan, &Pass::decide}) {
      if (auto ended = (this->*again)()) return std::move(*ended);
    }
  }
}

/// One transaction: everything of the revision and its ledger row, or nothing. Or one after the
/// other, where something has to run alone. An outcome inside the result ends the pass without an
/// error: what was allowed before is not allowed any more.
Result<std::optional<Outcome>> Pass::apply_once() {
  for (stretch_ = 0; stretch_ <= last_stretch_; ++stretch_) {
    if (is_idle_stretch()) continue;
    const bool alone = stretch_ % 2 != 0;
    auto ended = alone ? run_alone() : run_stretch();
    if (!ended || *ended) return ended;
  }
  return std::optional<Outcome>();
}

Result<std::optional<Outcome>> Pass::run_stretch() {
  if (auto begun = begin_checked(); !begun) return begun.error();
  if (!report_.plan.empty()) {
    // Under the locks, so that what is compared and counted stays as it is.
    if (auto locked = lock_losses(); !locked) return with_stage(locked.error(), Stage::Read);
    const auto same = progressed_ ? Result<void>() : schema_is_as_planned();
    if (!same) return with_stage(same.error(), Stage::Read);
    auto changed = confirm_losses();
    if (!changed) return with_stage(changed.error(), Stage::Read);
    if (*changed) return ended_inside(std::move(**changed));
  }
  if (auto noted = take_stock(); !noted) return with_stage(noted.error(), Stage::Read);
  for (const Stage stage : phases) {
    if (stage == Stage::Snapshot && stretch_ != snapshot_stretch_) continue;
    if (stage == Stage::Snapshot && !steps_of(Stage::Pre).empty()) {
      auto changed = replan_snapshot();
      if (!changed) return with_stage(changed.error(), Stage::Snapshot);
      if (*changed) return ended_inside(std::move(**changed));
    }
    if (auto done = run_stage(stage); !done) return with_stage(done.error(), stage);
  }
  const auto done = is_last_stretch() ? commit() : commit_stretch(nullptr);
  if (!done) return with_stage(done.error(), Stage::Commit);
  return std::optional<Outcome>();
}

Result<std::optional<Outcome>> Pass::ended_inside(Outcome outcome) {
  connection_->executor().rollback();
  forget_seen();
  return std::optional<Outcome>(std::move(outcome));
}

/// Where nobody has written anything since the plan was made, there is nothing to compare.
Result<void> Pass::schema_is_as_planned() {
  auto now = connection_->reader().moment();
  if (!now) return now.error();
  if (*now == planned_at_) return {};
  auto print = connection_->reader().look(ledger_.seen);
  if (!print) return print.error();
  if (print->fingerprint != report_.plan.fingerprint)
    return moved_under_us("the schema changed between plan and apply");
  const auto filled = a_table_was_filled();
  if (!filled) return filled.error();
  if (*filled) return moved_under_us("a table that was empty has been filled since the plan");
  return {};
}

Result<void> Pass::run_stage(Stage stage) {
  if (stage == Stage::Snapshot) return run_snapshot();
  for (const Step& step : steps_of(stage)) {
    if (step.stretch != stretch_) continue;
    if (auto done = connection_->executor().run({&step, 1}); !done) return done;
    if (step.action == Action::Run) {
      if (auto done = attribute(step.owner.file); !done) return done;
    } else if (!step.adopts.empty()) {
      if (auto done = adopt(step.owner.file, step.adopts); !done) return done;
    }
  }
  return {};
}

/// The snapshot is held against the database before any later SQL of the revision may change it on
/// purpose: here, while the server writes down whose work it is.
Result<void> Pass::run_snapshot() {
  std::optional<LiveState> live;
  if (const std::span<const Step> steps = steps_of(Stage::Snapshot); !steps.empty()) {
    if (auto done = connection_->executor().run(steps); !done) return done;
    auto again = connection_->reader().read_again();
    if (!again) return with_stage(again.error(), Stage::Verify);
    live = std::move(*again);
  }
  const bool attributing = begin_to_attribute_snapshot();
  const Result<void> equal = live ? is_as_desired(*live, Stage::Snapshot) : Result<void>();
  if (attributing) {
    if (auto done = finish_attributing(); !done) return done;
  }
  if (!equal) return equal;
  if (!restated_.empty()) {
    if (auto done = adopt(desired_.path, std::vector(restated_.begin(), restated_.end())); !done)
      return done;
  }
  return heals() && !report_.plan.empty() ? replan_healing() : Result<void>();
}

/// SQL that ran before the snapshot may have made, or changed, what the snapshot stage was planned
/// against.
Result<std::optional<Outcome>> Pass::replan_snapshot() {
  auto live = connection_->reader().read_again();
  if (!live) return live.error();
  Plan again = plan_snapshot(base_, desired_, *live);
  if (auto accepted = accept_drift(again.drift, Stage::Pre); !accepted) return accepted.error();
  keep_gentle_ways(again.steps);
  const std::vector<Step> before = std::move(report_.plan.steps);
  report_.plan.steps = std::move(again.steps);
  for (Step& step : report_.plan.steps) step.stretch = stretch_;
  keep_counts(before, report_.plan.steps);
  std::ranges::copy_if(before, std::back_inserter(report_.plan.steps),
                       [](const Step& step) { return step.stage != Stage::Snapshot; });
  std::ranges::stable_sort(report_.plan.steps, {}, &Step::stage);
  seal(report_.plan);
  attach_hazards();
  std::vector<Hold> holds = std::move(again.holds);
  // What was decided about counts for the same losses only.
  if (policy::losses_digest(before) != policy::losses_digest(report_.plan.steps)) {
    if (auto locked = lock_losses(); !locked) return locked.error();
    if (auto counted = count_losses(); !counted) return counted.error();
    auto losses = judge_losses();
    if (!losses) return losses.error();
    std::ranges::move(*losses, std::back_inserter(holds));
  }
  std::ranges::move(policy::hazardous_steps(steps_of(Stage::Snapshot)), std::back_inserter(holds));
  if (holds.empty()) return std::optional<Outcome>();
  if (options_.rollback) name_ways_out(holds);
  return std::optional<Outcome>(Held{std::move(holds)});
}

/// Reads the database again, inside the transaction: it must be what git says, apart from the drift
/// known before.
Result<void> Pass::verify(Stage after) {
  if (!desired_.model) return {};
  auto live = connection_->reader().read_again();
  if (!live) return with_stage(live.error(), Stage::Verify);
  return is_as_desired(*live, after);
}

Result<void> Pass::is_as_desired(const LiveState& live, Stage after) {
  if (!desired_.model) return {};
  return accept_drift(plan_snapshot(desired_, desired_, live).drift, after);
}

/// Differences that appeared during this transaction. The revision's own SQL may change what the
/// snapshot says, and then SQL wins (directus#18067); it may not take away what the snapshot wants,
/// and our own steps may leave none.
Result<void> Pass::accept_drift(const std::vector<Drift>& observed, Stage after) {
  for (const Drift& drift : observed) {
    if (known_drift_.contains(drift.object) || drift.kind == Drift::Kind::Unmanaged) continue;
    if (is_pending(drift.object)) continue;
    if (after != Stage::Snapshot && drift.kind == Drift::Kind::Altered) {
      report_.notes.push_back(
          fmt::format("SQL of this revision changes what the snapshot says, and SQL wins: {}: {}",
                      drift.object.text(), drift.detail));
      continue;
    }
    return Error{
        .kind = ErrorKind::Terminal,
        .where = drift.object.text(),
        .what = fmt::format("after the {} stage the database is not what git says", name_of(after)),
        .why = drift.detail,
        .next = after == Stage::Snapshot
                    ? "this is a fault of reconcile: please report it with the snapshot"
                    : "the revision contradicts itself: its SQL undoes its snapshot; mend one of "
                      "the two",
        .stage = Stage::Verify};
  }
  return {};
}

Result<void> Pass::commit() {
  const bool later_sql = !steps_of(Stage::Post).empty() || !steps_of(Stage::Seed).empty() ||
                         !steps_of(Stage::Pre).empty();
  if (later_sql) {
    if (auto equal = verify(Stage::Seed); !equal) return equal;
  }
  if (auto healed = verify_healing(); !healed) return healed;
  if (!seen_) saw(planned_);
  const auto records_to_write = records(last_stretch_);
  AppliedRecord record;
  record.rolled_back_from = undone();
  record.outcome = goes_back() ? "rolled-back" : report_.plan.empty() ? "in-sync" : "applied";
  record.migrations = records_to_write;
  record.roots = roots_;
  record.seen = *seen_;
  record.settled = settled_with(records_to_write);
  record.retention = options_.retention;
  if (ports_.instances != nullptr && !report_.plan.empty())
    record.instances = ports_.instances->names();
  auto recorded = connection_->ledger().record_applied(report_, record);
  if (!recorded) return with_stage(recorded.error(), Stage::Commit);
  if (auto done = connection_->executor().commit(); !done)
    return with_stage(done.error(), Stage::Commit);
  return {};
}

/// A connection that breaks while COMMIT is under way leaves the outcome in doubt; the ledger row
/// settles it.
bool Pass::went_live_after_all() {
  auto connection = ports_.connector.connect();
  if (!connection) return false;
  auto state = (*connection)->ledger().read();
  return state && state->base == report_.revision.commit && state->base_row != ledger_.base_row;
}

/// Steps are kept sorted by stage.
std::span<const Step> Pass::steps_of(Stage stage) const {
  const std::vector<Step>& steps = report_.plan.steps;
  const auto first = std::ranges::lower_bound(steps, stage, {}, &Step::stage);
  const auto last = std::ranges::upper_bound(steps, stage, {}, &Step::stage);
  return {first, last};
}

/// A revision without any file says so at every pass, so it is never recognised.
std::string Pass::settled_with(std::span<const RecordedMigration> added) const {
  return nothing_desired_ ? std::string() : settled(options_, ledger_.migrations, added);
}

/// What is done by the end of stretch `last`.
std::vector<RecordedMigration> Pass::records(int last) const {
  std::set<std::string> ran;
  for (const Step& step : report_.plan.steps) {
    if (step.action == Action::Run && step.stretch <= last) ran.insert(step.owner.file);
  }
  std::vector<RecordedMigration> result = adopted_;
  for (const migrations::Migration& file : files_) {
    if (ran.contains(file.file)) result.push_back(migrations::recorded(file, report_.revision));
  }
  return result;
}

}  // namespace reconcile
