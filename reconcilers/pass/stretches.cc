#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/continuity.h"

// What cannot run in a transaction cuts a pass into stretches: a transaction, a step alone, a
// transaction, and so on, in the order of the files. Each leaves a mark in the ledger, and the last
// one writes down the revision.

namespace reconcile {

/// REQUIRES: steps are sorted by stage.
void Pass::number_stretches() {
  int number = 0;
  snapshot_stretch_ = 0;
  for (Step& step : report_.plan.steps) {
    step.stretch = step.alone ? ++number : number;
    if (step.alone) ++number;
    if (step.stage <= Stage::Pre) snapshot_stretch_ = number;
  }
  last_stretch_ = number;
  stretch_ = 0;
  progressed_ = false;
  if (last_stretch_ == 0) return;
  std::set<std::string> alone;
  for (Step& step : report_.plan.steps) {
    if (!step.alone) continue;
    alone.insert(step.owner.text());
    if (step.action == Action::Run) step.detail += ", outside of the transaction";
  }
  report_.plan.notes.push_back(fmt::format(
      "goes live in pieces, because not all of it can run in one transaction: {}; what is live "
      "stays, should a later piece fail, and the next pass goes on behind it",
      fmt::join(alone, ", ")));
}

bool Pass::is_idle_stretch() const {
  // What is the snapshot's is written down even where nothing had to be done, but once.
  const bool known = continues_ && ledger_.snapshot_of == report_.revision.commit;
  const bool claims =
      stretch_ == snapshot_stretch_ && desired_.model && (!known || !restated_.empty());
  if (is_last_stretch() || claims) return false;
  return std::ranges::find(report_.plan.steps, stretch_, &Step::stretch) ==
         report_.plan.steps.end();
}

/// A transaction in which nobody else has applied anything since the plan.
Result<void> Pass::begin_checked() {
  if (auto begun = connection_->executor().begin(options_.lock_timeout); !begun) {
    Error error = begun.error();
    error.stage = Stage::Connect;
    return error;
  }
  if (auto leads = confirm_lead(); !leads) return leads;
  auto base_row = connection_->ledger().lock();
  if (base_row && *base_row == ledger_.base_row) return {};
  Error error = base_row ? moved_under_us("another controller has applied a revision meanwhile")
                         : base_row.error();
  error.stage = Stage::Read;
  return error;
}

/// A replica that was cut off may have been succeeded by another one without knowing it.
Result<void> Pass::confirm_lead() {
  if (!options_.fence) return {};
  auto leads = connection_->lease().still_leads(*options_.fence);
  Error error = leads
                    ? Error{.kind = ErrorKind::Transient,
                            .where = options_.target,
                            .what = "this replica does not lead it any more",
                            .why = "the session that held its lease has ended",
                            .next = "nobody has to do anything: the replica that leads it goes on"}
                    : leads.error();
  if (leads && *leads) return {};
  error.stage = Stage::Connect;
  return error;
}

/// The same, with a look at what others have done.
Result<void> Pass::open_stretch() {
  if (auto begun = begin_checked(); !begun) return begun;
  const auto checked =
      report_.plan.empty() || progressed_ ? Result<void>() : schema_is_as_planned();
  const auto noted = checked ? take_stock() : checked;
  if (noted) return noted;
  Error error = noted.error();
  if (!error.stage) error.stage = Stage::Read;
  return error;
}

/// Ends a stretch that is not the last. `alone` is the step that has run, where it was one.
Result<void> Pass::commit_stretch(const Step* alone) {
  const auto finished = records(stretch_);
  AppliedRecord record;
  record.outcome = "begun";
  record.whole = false;
  record.migrations = finished;
  record.roots = roots_;
  record.seen = seen_.value_or(planned_);
  record.retention = options_.retention;
  record.snapshot_of = stretch_ >= snapshot_stretch_ ? report_.revision.commit
                       : continues_                  ? ledger_.snapshot_of
                                                     : std::string();
  const auto next = std::ranges::find_if(
      report_.plan.steps, [this](const Step& step) { return step.stretch > stretch_; });
  record.progress =
      alone != nullptr ? "with " + alone->owner.text() : "up to " + next->owner.text();
  if (ports_.instances != nullptr && stretch_ == snapshot_stretch_)
    record.instances = ports_.instances->names();
  if (auto done = connection_->ledger().record_applied(report_, record); !done) return done;
  if (auto done = connection_->executor().commit(); !done) return done;
  progressed_ = true;
  ledger_.begun = report_.revision.commit;
  ledger_.snapshot_of = record.snapshot_of;
  for (const RecordedMigration& file : finished) {
    std::erase_if(ledger_.migrations, [&](const RecordedMigration& known) {
      return known.phase == file.phase && known.file == file.file;
    });
    ledger_.migrations.push_back(file);
  }
  return {};
}

/// What has begun to be live is of the database like what is applied: a commit that does not build
/// on it would undo a part, or mix two.
Pass::Ended Pass::prove_begun() {
  continues_ = false;
  if (ledger_.begun.empty()) return {};
  auto ancestry = ports_.source.ancestry(ledger_.begun, report_.revision);
  if (!ancestry) return failed(Stage::Fetch, ancestry.error());
  continues_ = *ancestry == Ancestry::Same || *ancestry == Ancestry::Descendant;
  if (continues_ || options_.rollback) return {};
  if (options_.at_base) return held(begun_on_top());
  if (!looked_again_ && !loaded_) return look_again();
  return held(*policy::continuity(*ancestry, ledger_.begun, report_.revision));
}

Hold Pass::begun_on_top() const {
  return {
      ReasonCode::StaleRevision,
      {"revision", report_.revision.short_commit()},
      fmt::format("a part of {} is live on top of {}, so that there is nothing whole to compare "
                  "the database with",
                  ledger_.begun.substr(0, 10), report_.revision.short_commit()),
      "`reconcile --once` goes on with it, and `reconcile history` says how far it is"};
}

/// For who reads how it ended: which part is live all the same.
void Pass::tell_progress() {
  const bool ended = std::holds_alternative<Failed>(report_.outcome) ||
                     std::holds_alternative<Held>(report_.outcome);
  if (!ended || report_.revision.commit.empty() || ledger_.begun != report_.revision.commit) return;
  std::vector<std::string> files;
  for (const RecordedMigration& file : ledger_.migrations) {
    if (file.revision == report_.revision.commit) files.push_back(file.file);
  }
  if (desired_.model && ledger_.snapshot_of == report_.revision.commit)
    files.push_back(desired_.path);
  report_.partly = files.empty() ? "its first piece" : fmt::format("{}", fmt::join(files, ", "));
}

}  // namespace reconcile
