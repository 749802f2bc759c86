#include "reconcilers/migrations/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "reconcilers/migrations/adoption.h"
#include "reconcilers/migrations/file_name.h"
#include "reconcilers/migrations/line_diff.h"
#include "reconcilers/migrations/old_runner.h"
#include "reconcilers/sql/parse.h"
#include "reconcilers/sql/source_text.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::migrations {
namespace {

/// Phase and base name: what a migration is known by, whatever folder it is in.
using Identity = std::pair<Stage, std::string_view>;

Identity identity(const Migration& migration) { return {migration.phase, migration.name}; }
Identity identity(const RecordedMigration& record) {
  return {record.phase, base_name(record.file)};
}

ObjectIdentity object(const Identity& identity) {
  return {"migration", fmt::format("{}/{}", name_of(identity.first), identity.second)};
}

std::string_view folder(const Migration& migration) {
  return std::string_view(migration.file).substr(0, migration.file.size() - migration.name.size());
}

std::string shortened(std::string_view commit) { return std::string(commit.substr(0, 10)); }

/// Case does not count: "except Prod" must not let a file through to prod.
bool listed(const std::vector<std::string>& names, const TargetLabels& labels) {
  const std::string target = sql::lower(labels.target);
  const std::string environment = sql::lower(labels.environment);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const std::string lower = sql::lower(name);
    return lower == target || lower == environment;
  });
}

bool is_for(const Migration& migration, const TargetLabels& labels) {
  if (!migration.only.empty() && !listed(migration.only, labels)) return false;
  return !listed(migration.except, labels);
}

/// The recorded migration with the highest number of each phase.
class HighestNumbers {
 public:
  void add(Stage phase, std::string_view name) {
    const std::string number = number_of(name);
    auto& [highest, holder] = highest_[phase];
    if (highest.empty() || std::is_gt(compare_numbers(number, highest))) {
      highest = number;
      holder = std::string(name);
    }
  }

  std::string_view number(Stage phase) const { return entry(phase).first; }
  std::string_view name(Stage phase) const { return entry(phase).second; }

 private:
  using Entry = std::pair<std::string, std::string>;

  const Entry& entry(Stage phase) const {
    static const Entry none;
    const auto found = highest_.find(phase);
    return found == highest_.end() ? none : found->second;
  }

  std::map<Stage, Entry> highest_;
};

/// Plans one target. The members are what the rules look things up in.
class Planner {
 public:
  Planner(std::span<const Migration> desired, const LedgerState& ledger, const Revision& revision,
          const TargetLabels& labels, const ReadBlob& read_blob, const KnownObjects& known);

  MigrationPlan plan();

 private:
  void consider(const Migration& migration);
  void compare(const Migration& migration, const RecordedMigration& record);
  void hold_edited(const Migration& migration, const RecordedMigration& record);
  std::string diff(const Migration& migration, const RecordedMigration& record) const;
  const RecordedMigration* renamed_from(const Migration& migration);
  void adopt_renamed(const Migration& migration, const RecordedMigration& record);
  void adopt_from_old_runner(const Migration& migration, const std::string& name);
  bool held_out_of_order(const Migration& migration);
  void run_or_adopt(const Migration& migration);
  void adopt(const Migration& migration, std::vector<ObjectIdentity> objects);
  void run(const Migration& migration);
  void note_unread(const Migration& migration);
  void note_gone();
  Step step(const Migration& migration, Action action) const;
  std::string next_free(Stage phase) const;

  std::span<const Migration> desired_;
  const LedgerState& ledger_;
  const Revision& revision_;
  const TargetLabels& labels_;
  const ReadBlob& read_blob_;
  const KnownObjects& known_objects_;
  std::map<Identity, const RecordedMigration*> records_;
  std::map<Identity, const Migration*> files_;
  std::set<const RecordedMigration*> taken_;  ///< by a renamed file
  OldRunnerMatch old_runner_;
  HighestNumbers applied_;  ///< numbers this database has run
  HighestNumbers known_;    ///< and those of the revision
  MigrationPlan plan_;
};

Planner::Planner(std::span<const Migration> desired, const LedgerState& ledger,
                 const Revision& revision, const TargetLabels& labels, const ReadBlob& read_blob,
                 const KnownObjects& known)
    : desired_(desired),
      ledger_(ledger),
      revision_(revision),
      labels_(labels),
      read_blob_(read_blob),
      known_objects_(known) {
  for (const RecordedMigration& record : ledger.migrations) {
    records_.emplace(identity(record), &record);
    applied_.add(record.phase, base_name(record.file));
    known_.add(record.phase, base_name(record.file));
  }
  for (const Migration& migration : desired) {
    files_.emplace(identity(migration), &migration);
    known_.add(migration.phase, migration.name);
  }
  if (!ledger.installed) old_runner_ = match_old_runner(desired, ledger.legacy);
  for (const auto& [migration, name] : old_runner_.applied) {
    if (is_for(*migration, labels)) applied_.add(migration->phase, migration->name);
  }
}

MigrationPlan Planner::plan() {
  for (const Migration& migration : desired_) {
    if (is_for(migration, labels_)) consider(migration);
  }
  note_gone();
  return std::move(plan_);
}

void Planner::consider(const Migration& migration) {
  if (const auto record = records_.find(identity(migration)); record != records_.end()) {
    compare(migration, *record->second);
  } else if (const RecordedMigration* renamed = renamed_from(migration)) {
    adopt_renamed(migration, *renamed);
  } else if (const auto old = old_runner_.applied.find(&migration);
             old != old_runner_.applied.end()) {
    adopt_from_old_runner(migration, old->second);
  } else if (!held_out_of_order(migration)) {
    run_or_adopt(migration);
  }
}

void Planner::compare(const Migration& migration, const RecordedMigration& record) {
  if (migration.raw_hash == record.raw_hash) return;
  if (migration.token_hash != record.token_hash) {
    hold_edited(migration, record);
    return;
  }
  plan_.notes.push_back(fmt::format("{} changed in whitespace or comments only since {}",
                                    object(identity(migration)).text(),
                                    shortened(record.revision)));
  plan_.adopted.push_back(recorded(migration, revision_));
}

void Planner::hold_edited(const Migration& migration, const RecordedMigration& record) {
  plan_.holds.push_back(
      {.code = ReasonCode::MigrationEdited,
       .object = object(identity(migration)),
       .message = fmt::format("{} was applied from {} and has been edited since\n{}",
                              migration.file, shortened(record.revision), diff(migration, record)),
       .next = fmt::format("revert the edit and put the change in a new file, {}{}_….sql",
                           folder(migration), next_free(migration.phase))});
}

std::string Planner::diff(const Migration& migration, const RecordedMigration& record) const {
  if (!read_blob_) return {};
  const auto before = read_blob_(record.blob);
  const auto after = read_blob_(migration.blob);
  if (!before || !after) return "(the applied text is not in this repository)";
  return line_diff(*before, *after);
}

/// A record whose file is gone and whose SQL is that of `migration`: under another name in the same
/// phase, or under the same name in another one, where SQL goes that came too early for a new
/// database. The same phase is better evidence, and so are the same bytes.
const RecordedMigration* Planner::renamed_from(const Migration& migration) {
  const RecordedMigration* found = nullptr;
  int best = -1;
  for (const RecordedMigration& record : ledger_.migrations) {
    const bool free = !files_.contains(identity(record)) && !taken_.contains(&record);
    const bool stayed = record.phase == migration.phase;
    if (!free || record.token_hash != migration.token_hash) continue;
    if (!stayed && base_name(record.file) != migration.name) continue;
    const int evidence = (stayed ? 2 : 0) + (record.raw_hash == migration.raw_hash ? 1 : 0);
    if (evidence > best) found = &record;
    best = std::max(best, evidence);
  }
  return found;
}

void Planner::adopt_renamed(const Migration& migration, const RecordedMigration& record) {
  taken_.insert(&record);
  const bool moved = record.phase != migration.phase;
  plan_.notes.push_back(
      fmt::format("{} is {} {}, which was applied from {}", object(identity(migration)).text(),
                  moved ? fmt::format("{}/{}", name_of(record.phase), base_name(record.file))
                        : std::string(base_name(record.file)),
                  moved ? "moved" : "renamed", shortened(record.revision)));
  plan_.adopted.push_back(recorded(migration, revision_));
}

void Planner::adopt_from_old_runner(const Migration& migration, const std::string& name) {
  Step adopt = step(migration, Action::Adopt);
  adopt.detail = "recorded by the old runner as " + name;
  adopt.reason = "public.migrations_applied lists it";
  plan_.steps.push_back(std::move(adopt));
  plan_.adopted.push_back(recorded(migration, revision_));
}

/// Holds a new file whose number has passed. An equal number means that a recorded file was renamed
/// and edited at once, or replaced.
bool Planner::held_out_of_order(const Migration& migration) {
  const std::string_view highest = applied_.number(migration.phase);
  if (migration.out_of_order_allowed || highest.empty()) return false;
  if (std::is_gt(compare_numbers(migration.number, highest))) return false;
  plan_.holds.push_back(
      {.code = ReasonCode::MigrationOutOfOrder,
       .object = object(identity(migration)),
       .message = fmt::format("{} is new in {}, but {} was applied before it", migration.file,
                              revision_.short_commit(), applied_.name(migration.phase)),
       .next = fmt::format("give it the number {}, or begin it with the line \"-- reconcile: allow "
                           "out-of-order\"",
                           next_free(migration.phase))});
  return true;
}

/// What a file adopts is in one database already, and not yet in the others.
void Planner::run_or_adopt(const Migration& migration) {
  Judgement judged = judge(migration, known_objects_);
  if (!judged.conflict.empty()) {
    plan_.holds.push_back({.code = ReasonCode::Conflict,
                           .object = object(identity(migration)),
                           .message = fmt::format("{} adopts what was made by hand, and {}",
                                                  migration.file, judged.conflict),
                           .next = std::move(judged.next)});
  } else if (judged.in_place) {
    adopt(migration, std::move(judged.objects));
  } else {
    run(migration);
  }
}

void Planner::adopt(const Migration& migration, std::vector<ObjectIdentity> objects) {
  Step adopt = step(migration, Action::Adopt);
  adopt.detail = fmt::format("{} object{} as the file says already; nothing of it is run",
                             objects.size(), objects.size() == 1 ? " is" : "s are");
  adopt.reason = "new in " + revision_.short_commit();
  adopt.adopts = std::move(objects);
  plan_.steps.push_back(std::move(adopt));
  plan_.adopted.push_back(recorded(migration, revision_));
}

void Planner::run(const Migration& migration) {
  Step run = step(migration, Action::Run);
  const std::size_t count = migration.statements.size();
  run.detail = fmt::format("{} statement{}", count, count == 1 ? "" : "s");
  run.reason = "new in " + revision_.short_commit();
  run.statements = migration.statements;
  run.allowed_hazards = migration.allowed_hazards;
  plan_.steps.push_back(std::move(run));
  note_unread(migration);
}

/// One line for a file, with the place of the first.
void Planner::note_unread(const Migration& migration) {
  const auto unread = [](const Statement& statement) { return statement.unread != nullptr; };
  const auto first = std::ranges::find_if(migration.statements, unread);
  if (first == migration.statements.end()) return;
  const auto more = std::count_if(std::next(first), migration.statements.end(), unread);
  plan_.notes.push_back(fmt::format(
      "{}{}: not understood by the built-in parser (PostgreSQL {} grammar): run as it is; hazards "
      "and transaction control could not be checked",
      sql::place(migration.file, first->line), more > 0 ? fmt::format(" and {} more", more) : "",
      sql::grammar_version));
}

/// Says once per file what the ledger knows and the revision does not. A file that lives on under
/// another name is not gone.
void Planner::note_gone() {
  std::set<std::string_view> contents;
  for (const Migration& migration : desired_) contents.emplace(migration.token_hash);
  for (const RecordedMigration& record : ledger_.migrations) {
    if (files_.contains(identity(record))) continue;
    if (contents.contains(record.token_hash)) continue;
    plan_.notes.push_back(fmt::format(
        "{}, applied from {}, is not in {} any more; what it did stays",
        object(identity(record)).text(), shortened(record.revision), revision_.short_commit()));
  }
  if (!old_runner_.unmatched.empty()) {
    plan_.notes.push_back(fmt::format("recorded by the old runner and not in {}: {}",
                                      revision_.short_commit(),
                                      fmt::join(old_runner_.unmatched, ", ")));
  }
}

Step Planner::step(const Migration& migration, Action action) const {
  Step step;
  step.stage = migration.phase;
  step.action = action;
  step.object = object(identity(migration));
  step.group = fmt::format("migrations {}", name_of(migration.phase));
  step.owner = {.file = migration.file};
  return step;
}

/// The number after every one the phase has ever seen, as wide as its neighbours are written.
std::string Planner::next_free(Stage phase) const {
  const std::string next = next_number(known_.number(phase));
  const std::string_view neighbour = known_.name(phase);
  const std::size_t width = std::min(neighbour.find_first_not_of("0123456789"), neighbour.size());
  return width > next.size() ? std::string(width - next.size(), '0') + next : next;
}

}  // namespace

MigrationPlan plan(std::span<const Migration> desired, const LedgerState& ledger,
                   const Revision& revision, const TargetLabels& labels, const ReadBlob& read_blob,
                   const KnownObjects& known) {
  return Planner(desired, ledger, revision, labels, read_blob, known).plan();
}

std::vector<std::string> objects_to_adopt(std::span<const Migration> desired,
                                          const LedgerState& ledger) {
  std::set<Identity> recorded;
  for (const RecordedMigration& record : ledger.migrations) recorded.insert(identity(record));
  std::vector<std::string> objects;
  for (const Migration& migration : desired) {
    if (recorded.contains(identity(migration))) continue;
    for (const AdoptedObject& adopted : migration.adopts) objects.push_back(adopted.object);
  }
  return objects;
}

RecordedMigration recorded(const Migration& migration, const Revision& revision) {
  return {.phase = migration.phase,
          .file = migration.file,
          .blob = migration.blob,
          .raw_hash = migration.raw_hash,
          .token_hash = migration.token_hash,
          .revision = revision.commit};
}

}  // namespace reconcile::migrations
