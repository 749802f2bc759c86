#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reconcilers/migrations/load.h"
#include "reconcilers/pass/settled.h"
#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/continuity.h"
#include "reconcilers/policy/destructive_guard.h"
#include "reconcilers/snapshot/plan.h"
#include "reconcilers/snapshot/unsettled.h"

namespace reconcile {
namespace {

// More commits than anybody reads at once; beyond it an allowance has to be repeated.
constexpr std::size_t most_messages = 10'000;
constexpr std::chrono::milliseconds lease_poll{200};

std::string list(const std::vector<std::string>& items, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), most); ++i)
    text += (i == 0 ? "" : ", ") + items[i];
  if (items.size() > most) text += fmt::format(" and {} more", items.size() - most);
  return text;
}

}  // namespace

Pass::Ended Pass::fetch() {
  auto revision = newest_revision();
  if (!revision) return failed(Stage::Fetch, revision.error());
  report_.revision = std::move(*revision);
  const auto uncommitted = ports_.source.uncommitted(desired_folders());
  if (!uncommitted.empty()) {
    report_.notes.push_back(fmt::format("not committed, and so ignored: {}", list(uncommitted, 5)));
  }
  return {};
}

Pass::Ended Pass::read_files() {
  if (loaded_) return {};
  auto tree = ports_.source.read(report_.revision, desired_folders());
  if (!tree) return failed(Stage::Load, tree.error());
  tree_ = std::move(*tree);
  auto files = migrations::load(tree_);
  if (!files) return failed(Stage::Load, files.error());
  files_ = std::move(*files);
  nothing_desired_ = tree_.files.empty();
  if (nothing_desired_) {
    report_.notes.push_back(
        fmt::format("{} holds no desired state: neither migrations/ nor snapshots/schema.yaml",
                    report_.revision.short_commit()));
  }
  return {};
}

Pass::Ended Pass::connect() {
  auto connection = ports_.connector.connect();
  if (!connection) return failed(Stage::Connect, connection.error());
  connection_ = std::move(*connection);
  return {};
}

Pass::Ended Pass::acquire_lease() {
  if (options_.mode != Mode::Auto) return {};
  const auto deadline = ports_.clock.now() + options_.lease_timeout;
  for (;;) {
    auto holder = connection_->lease().try_acquire();
    if (!holder) return failed(Stage::Connect, holder.error());
    if (!*holder) return {};
    if (ports_.clock.now() >= deadline) {
      return held(
          {ReasonCode::LeaseHeld,
           {"lease", options_.target},
           "another controller works on this database: " + **holder,
           "wait for it; if it hangs, pg_terminate_backend(pid) ends it and frees the lease"});
    }
    ports_.clock.sleep(lease_poll);
  }
}

Pass::Ended Pass::read_ledger() {
  auto state = connection_->ledger().read();
  if (!state) return failed(Stage::Read, state.error());
  ledger_ = std::move(*state);
  report_.base = ledger_.base;
  report_.suspension = ledger_.suspension;
  if (options_.at_base) return go_to_base();
  return {};
}

/// The candidate is the revision that is applied, whatever the branch has by now. Who only looks
/// does so also where none is.
Pass::Ended Pass::go_to_base() {
  if (!ledger_.base && options_.mode == Mode::DryRun) return {};
  if (!ledger_.base) {
    return failed(Stage::Read, {.kind = ErrorKind::Usage,
                                .where = options_.target,
                                .what = "no revision is applied to this database yet",
                                .why = "",
                                .next = "reconcile --once applies one"});
  }
  auto revision = ports_.source.find(*ledger_.base);
  if (!revision) return failed(Stage::Fetch, revision.error());
  if (!*revision)
    return held(*policy::continuity(Ancestry::Unproven, *ledger_.base, report_.revision));
  report_.revision = std::move(**revision);
  return {};
}

Pass::Ended Pass::prove_continuity() {
  if (!ledger_.base || *ledger_.base != report_.revision.commit || ledger_.roots.empty()) {
    auto roots = ports_.source.roots(report_.revision);
    if (!roots) return failed(Stage::Fetch, roots.error());
    roots_ = std::move(*roots);
    if (auto hold = policy::same_repository(ledger_.roots, roots_, report_.revision))
      return held(std::move(*hold));
  }
  if (auto ended = prove_begun()) return ended;
  if (options_.rollback) return prove_rollback();
  if (!ledger_.base) return {};
  auto ancestry = ports_.source.ancestry(*ledger_.base, report_.revision);
  if (!ancestry) return failed(Stage::Fetch, ancestry.error());
  if (options_.promoted && *ancestry == Ancestry::Older) return go_to_base();
  auto hold = policy::continuity(*ancestry, *ledger_.base, report_.revision);
  if (!hold) {
    auto undone_again = undoes_rollback();
    if (!undone_again) return failed(Stage::Fetch, undone_again.error());
    hold = std::move(*undone_again);
  }
  if (!hold) return {};
  if (!looked_again_ && !loaded_ && !options_.at_base) return look_again();
  if (*ancestry != Ancestry::Unproven) report_drift_from_base();
  return held(std::move(*hold));
}

/// Between our look at the branch and the lease another controller may have applied a commit that
/// came meanwhile. Now nobody can, so the branch of now is what counts.
Pass::Ended Pass::look_again() {
  looked_again_ = true;
  auto revision = newest_revision();
  if (!revision) return failed(Stage::Fetch, revision.error());
  report_.revision = std::move(*revision);
  return prove_continuity();
}

/// A refused revision still looks at the database it was refused for, against what is applied
/// there.
void Pass::report_drift_from_base() {
  auto applied = snapshot_of(ledger_.base.value_or(""));
  if (!applied) return;
  base_ = desired_ = std::move(*applied);
  auto live = connection_->reader().read(ledger_.seen);
  if (!live) return;
  if (live->directus) report_.plan.drift = plan_snapshot(base_, desired_, *live).drift;
  planned_ = live->seen;
  report_.plan.fingerprint = planned_.fingerprint;
  if (!compare_with_inventory()) return;
  leave_out_ignored();
  count_rows();
}

/// The steady state: this revision is applied, or one with the very same files, it left no drift,
/// and nothing has changed since. The pulse proves it, or the fingerprint where the pulse has
/// changed, without reading a file.
Pass::Ended Pass::recognise() {
  if (!ledger_.base || !ledger_.clean || ledger_.inventory_format != ledger_.current_format)
    return {};
  if (!ledger_.begun.empty()) return {};
  if (ledger_.settled != settled(options_, ledger_.migrations)) return {};
  const bool applied = ledger_.base == report_.revision.commit;
  if (!applied) {
    // Who cannot list the files cannot read them either, and that is where it is said.
    auto same = same_files_as_base();
    if (!same || !*same) return {};
  }
  auto print = connection_->reader().look(ledger_.seen);
  if (!print) return failed(Stage::Read, print.error());
  if (print->fingerprint != ledger_.seen.fingerprint) return {};
  planned_ = *print;
  report_.plan.fingerprint = print->fingerprint;
  seal(report_.plan);
  if (applied) return InSync{};
  return act();
}

/// The server works while this process reads files: at a thousand collections each takes half a
/// second.
Pass::Ended Pass::look_ahead() {
  connection_->reader().read_ahead(ledger_.seen);
  reads_ahead_ = true;
  return {};
}

/// Equal object ids are equal bytes. Links are followed before they are compared, so it does not
/// matter where the bytes are.
Result<bool> Pass::same_files_as_base() const {
  auto base = ports_.source.find(*ledger_.base);
  if (!base) return base.error();
  if (!*base) return false;
  auto before = ports_.source.list(**base, desired_folders());
  if (!before) return before.error();
  auto after = ports_.source.list(report_.revision, desired_folders());
  if (!after) return after.error();
  return std::ranges::equal(before->files, after->files, [](const File& left, const File& right) {
    return left.path == right.path && left.blob == right.blob;
  });
}

Pass::Ended Pass::read_snapshot() {
  if (loaded_) return {};
  auto desired = load_snapshot(tree_, {});
  if (!desired) return failed(Stage::Load, desired.error());
  desired_ = std::move(*desired);
  tree_ = FileTree();
  loaded_ = true;
  if (desired_.model && !desired_.model->vendor.empty() && desired_.model->vendor != "postgres") {
    return held(
        {ReasonCode::UnsupportedSnapshot,
         {"snapshot", desired_.path},
         fmt::format("{} was written by Directus on {}, not on PostgreSQL", desired_.path,
                     desired_.model->vendor),
         "write it with `directus schema snapshot` from a Directus that runs on PostgreSQL"});
  }
  return {};
}

Pass::Ended Pass::read_base() {
  auto applied = snapshot_of(ledger_.base.value_or(""));
  if (!applied) return failed(Stage::Load, applied.error());
  auto base = begun_is_base() ? snapshot_of(ledger_.snapshot_of) : applied;
  if (!base) return failed(Stage::Load, base.error());
  applied_ = std::move(*applied);
  base_ = std::move(*base);
  return {};
}

/// Whether something has begun to be live on top of what is applied, and this goes on from there.
bool Pass::begun_is_base() const {
  return (continues_ || options_.rollback) && !ledger_.snapshot_of.empty();
}

/// The snapshot of a revision that is live; none where there is no such revision.
Result<SnapshotFile> Pass::snapshot_of(const std::string& base) const {
  if (base.empty()) return SnapshotFile();
  if (base == report_.revision.commit && desired_.model) return desired_;
  auto revision = ports_.source.find(base);
  if (!revision) return revision.error();
  if (!*revision) return SnapshotFile();
  auto tree = ports_.source.read(**revision, {"snapshots"});
  if (!tree) return tree.error();
  return load_snapshot(*tree, desired_);
}

Plan Pass::plan_snapshot(const SnapshotFile& base, const SnapshotFile& desired,
                         const LiveState& live) const {
  if (!base.model && !desired.model) return Plan();
  return snapshot::plan({model_of(base), model_of(desired), live, allowances_, report_.revision,
                         desired.path, options_.collection_limit});
}

Result<migrations::MigrationPlan> Pass::plan_migrations() const {
  const auto read_blob = [this](std::string_view blob) -> std::optional<std::string> {
    auto text = ports_.source.blob(blob);
    return text ? *text : std::nullopt;
  };
  const bool kept = !ledger_.inventory_format.empty();
  migrations::KnownObjects known{{}, !kept || ledger_.inventory_format == ledger_.current_format};
  if (const auto objects = migrations::objects_to_adopt(files_, ledger_); !objects.empty()) {
    auto states = connection_->inventory().states(objects);
    if (!states) return states.error();
    known.objects = std::move(*states);
    for (Difference& object : known.objects) {
      // What was there before anybody kept an inventory is git's.
      if (!kept && ledger_.base) object.owned = object.live;
    }
  }
  return migrations::plan(files_, ledger_, report_.revision,
                          {options_.target, options_.environment}, read_blob, known);
}

/// What the new commits allow. On first contact that is the candidate alone: what an old commit of
/// a long history allowed was not about this database.
Result<void> Pass::read_allowances() {
  allowances_ = {};
  if (ledger_.base == report_.revision.commit) return {};
  auto commits = ports_.source.between(ledger_.base.value_or(""), report_.revision,
                                       ledger_.base ? most_messages : 1);
  if (!commits) return commits.error();
  allowances_ = policy::allowances(*commits);
  allowances_.everything = options_.throwaway;
  return options_.rollback ? reverse_renames() : Result<void>();
}

Hold Pass::without_directus() const {
  return {ReasonCode::WaitingForDirectus,
          {"database", options_.target},
          "Directus is not installed in this database: directus_collections, "
          "directus_fields or directus_relations is missing",
          base_.model
              ? fmt::format("it was there when {} was applied: restore the database, or run "
                            "`directus bootstrap` against it",
                            ledger_.base.value_or(ledger_.begun).substr(0, 10))
              : "run `directus bootstrap` against it once; the next pass goes on by itself"};
}

Pass::Ended Pass::plan() {
  auto live = connection_->reader().read(ledger_.seen);
  reads_ahead_ = false;
  if (!live) return failed(Stage::Read, live.error());
  if (begun_is_base() && base_.model)
    base_.model = std::make_shared<const snapshot::Snapshot>(
        snapshot::unsettled(*base_.model, model_of(applied_), *live));
  if (auto read = read_allowances(); !read) return failed(Stage::Fetch, read.error());
  auto planned = plan_migrations();
  if (!planned) return failed(Stage::Read, planned.error());
  migrations::MigrationPlan& files = *planned;
  if (auto read = check_syntax(files.steps); !read) return failed(Stage::Load, read.error());
  const bool missing = (desired_.model || base_.model) && !live->directus;
  // Where Directus was and is gone, something happened that a new one would only hide.
  if (missing && (ports_.installer == nullptr || base_.model)) return held(without_directus());
  if (missing && options_.mode == Mode::Auto) {
    if (!files.holds.empty()) return Held{std::move(files.holds)};  // nothing else would come of it
    if (auto ended = bootstrap(*live)) return ended;
  }
  if (missing && !live->directus) {
    report_.plan = plan_bootstrap();
  } else {
    report_.plan = plan_snapshot(base_, desired_, *live);
  }
  planned_ = live->seen;
  report_.plan.fingerprint = planned_.fingerprint;
  if (auto compared = compare_with_inventory(); !compared)
    return failed(Stage::Read, compared.error());
  leave_out_ignored();
  leave_out_adopted(files.steps);
  if (heals()) plan_healing(*live);
  adopted_ = std::move(files.adopted);
  std::ranges::move(files.steps, std::back_inserter(report_.plan.steps));
  std::ranges::move(files.holds, std::back_inserter(report_.plan.holds));
  std::ranges::move(files.notes, std::back_inserter(report_.plan.notes));
  std::ranges::stable_sort(report_.plan.steps, {}, &Step::stage);
  planned_at_ = live->moment;
  seal(report_.plan);
  if (auto found = find_hazards(); !found) return failed(Stage::Read, found.error());
  leave_out_pending();
  count_rows();
  note_quarantine();
  return {};
}

/// What the built-in grammar cannot read may be newer than it, or a typo: the server's knows,
/// before anything runs.
Result<void> Pass::check_syntax(std::span<const Step> steps) {
  for (const Step& step : steps) {
    for (const Statement& statement : step.statements) {
      if (!statement.unread) continue;
      if (auto read = connection_->executor().check_syntax(step, statement); !read) return read;
    }
  }
  return {};
}

/// Rows are for people: where they cannot be counted, the plan stands without them.
void Pass::count_rows() {
  std::vector<std::string> queries;
  std::vector<std::optional<std::int64_t>*> targets;
  for (Step& step : report_.plan.steps) {
    if (!step.destructive || step.count_sql.empty()) continue;
    queries.push_back(step.count_sql);
    targets.push_back(&step.rows_at_stake);
  }
  for (Drift& drift : report_.plan.drift) {
    if (drift.count_sql.empty()) continue;
    queries.push_back(drift.count_sql);
    targets.push_back(&drift.rows);
  }
  auto counts = connection_->reader().count(queries);
  if (!counts) return;
  for (std::size_t i = 0; i < targets.size(); ++i) *targets[i] = (*counts)[i];
}

}  // namespace reconcile
