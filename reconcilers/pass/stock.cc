#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reconcilers/catalog/drift.h"
#include "reconcilers/catalog/heal.h"
#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/alone.h"
#include "reconcilers/policy/drift_rules.h"
#include "reconcilers/snapshot/claims.h"
#include "reconcilers/snapshot/plan.h"

// What git owns of the database: written down as it is made, and compared with what is there.

namespace reconcile {
namespace {

constexpr std::string_view healing_group = "healed";

/// A field that ought not to be indexed or unique, and is: what makes it so is somebody's own.
bool takes_away(const ObjectIdentity& object, const Statement& statement) {
  return object.kind == "field" && (statement.text.starts_with("drop index ") ||
                                    statement.text.find(" drop constraint ") != std::string::npos);
}

/// An index that is there, and unfinished: it is healed by its own definition.
bool is_half_built(const Statement& statement, std::span<const Difference> differences) {
  if (!statement.gentle) return false;
  const Alone& what = *statement.gentle->after.front().alone;
  return what.kind == Alone::Kind::CreateIndex &&
         std::ranges::any_of(differences, [&](const Difference& entry) {
           return entry.live && policy::is_about(what, entry.object);
         });
}

/// What a pass makes beside the users of a table, which may be killed before it is written down as
/// git's: known by the names that Directus gives, or as git's already.
bool is_of_a_piece(const Difference& entry) {
  const auto& [kind, name] = entry.object;
  if (kind == "column") return entry.owned.has_value();
  if (kind == "constraint") return entry.owned || name.ends_with("_unique");
  return kind == "index" && name.ends_with("_index");
}

}  // namespace

void Pass::saw(Seen seen) {
  report_.fingerprint = seen.fingerprint;
  seen_ = std::move(seen);
}

void Pass::forget_seen() {
  report_.fingerprint.clear();
  seen_.reset();
}

/// Replaces what the snapshot's comparison alone calls drift by what the inventory knows too.
Result<void> Pass::compare_with_inventory() {
  differences_.clear();
  restated_.clear();
  known_drift_.clear();
  snapshot_drift_ = report_.plan.drift;
  for (const Drift& drift : report_.plan.drift) known_drift_.insert(drift.object);
  if (ledger_.inventory_format.empty() || ledger_.inventory_format != ledger_.current_format)
    return {};
  Plan& plan = report_.plan;
  if (!ledger_.clean || plan.fingerprint != ledger_.seen.fingerprint) {
    auto found = connection_->inventory().differences();
    constexpr std::string_view denied = "42501";
    if (!found && found.error().sqlstate == denied && options_.mode == Mode::DryRun) {
      report_.notes.emplace_back(
          "the inventory may not be read by this role: drift is what the snapshot alone tells");
      return {};
    }
    if (!found) return found.error();
    differences_ = std::move(*found);
    find_restated();
  }
  plan.drift = drift_beside(snapshot_drift_);
  return {};
}

/// What the inventory tells beside the snapshot's own comparison.
std::vector<Drift> Pass::drift_beside(std::span<const Drift> snapshot) const {
  const auto claimed_since = [this](const snapshot::Snapshot& base) {
    return differences_.empty() ? std::vector<std::string>()
                                : snapshot::claims(base, model_of(desired_), {});
  };
  return catalog::drift(snapshot, differences_, claimed_since(snapshot::Snapshot()),
                        claimed_since(model_of(base_)));
}

/// What a target calls nobody's business is neither reported nor healed.
void Pass::leave_out_ignored() {
  const auto ignored = [this](const auto& entry) {
    return policy::is_ignored(entry.object, options_.ignored_drift);
  };
  std::erase_if(report_.plan.drift, ignored);
  std::erase_if(differences_, ignored);
}

/// What was changed by hand, or by a pass that was killed before it could say so, and is what the
/// snapshot of the new revision says: it is git's with that, and no drift.
void Pass::find_restated() {
  if (ledger_.base == report_.revision.commit) return;
  const snapshot::Restated restated = snapshot::restated(model_of(base_), model_of(desired_));
  snapshot::Restated begun;
  if (begun_is_base()) begun = snapshot::restated(model_of(applied_), model_of(desired_));
  std::set<std::string> drifted;
  for (const Drift& drift : report_.plan.drift) drifted.insert(drift.object.name);
  std::erase_if(differences_, [&](const Difference& entry) {
    const auto& names = catalog::is_metadata(entry) ? restated.metadata : restated.schema;
    const bool piece = begun.schema.contains(entry.about) && is_of_a_piece(entry);
    if (drifted.contains(entry.about) || !(names.contains(entry.about) || piece) ||
        (!catalog::is_metadata(entry) && catalog::is_beside_snapshot(entry)))
      return false;
    restated_.insert(entry.object);
    return true;
  });
}

/// A file that finds what it adopts makes it git's.
Result<void> Pass::adopt(const std::string& file, std::span<const ObjectIdentity> objects) {
  auto seen = connection_->inventory().adopt({file, report_.revision.commit}, objects);
  if (!seen) return seen.error();
  saw(std::move(*seen));
  return {};
}

void Pass::leave_out_adopted(std::span<const Step> steps) {
  std::set<ObjectIdentity> adopted;
  for (const Step& step : steps) adopted.insert(step.adopts.begin(), step.adopts.end());
  const auto is_adopted = [&](const auto& entry) { return adopted.contains(entry.object); };
  std::erase_if(report_.plan.drift, is_adopted);
  std::erase_if(differences_, is_adopted);
}

/// What has changed without git since the last apply must not be taken for the work of this one.
Result<void> Pass::take_stock() {
  if (progressed_) {
    auto noted = connection_->inventory().note(Trust::Nothing, {});
    if (!noted) return noted.error();
    saw(std::move(*noted));
    return is_last_stretch() ? find_late_drift() : Result<void>();
  }
  const bool same_format = ledger_.inventory_format == ledger_.current_format;
  if (same_format && report_.plan.fingerprint == ledger_.seen.fingerprint) return {};
  Trust trust = Trust::Nothing;
  std::vector<std::string> doubted;
  if (ledger_.inventory_format.empty()) {
    // What earlier revisions made, and the old runner, nobody wrote down: it is theirs unless the
    // snapshot says otherwise.
    if (ledger_.base || !adopted_.empty()) trust = Trust::Everything;
    for (const Drift& drift : report_.plan.drift) doubted.push_back(drift.object.name);
  } else if (!same_format) {
    trust = Trust::Owned;
  }
  auto noted = connection_->inventory().note(trust, doubted);
  if (!noted) return noted.error();
  saw(std::move(*noted));
  return {};
}

/// Between the pieces of a pass others can work, and what they did is not to be taken for seen.
Result<void> Pass::find_late_drift() {
  if (ledger_.inventory_format.empty()) return {};
  auto found = connection_->inventory().differences();
  if (!found) return found.error();
  differences_ = std::move(*found);
  std::erase_if(differences_,
                [this](const Difference& entry) { return restated_.contains(entry.object); });
  report_.plan.drift = drift_beside(snapshot_drift_);
  leave_out_adopted(report_.plan.steps);
  leave_out_ignored();
  return {};
}

Result<void> Pass::attribute(const std::string& file) {
  connection_->inventory().attribute_ahead({file, report_.revision.commit}, {});
  return finish_attributing();
}

Result<void> Pass::finish_attributing() {
  auto seen = connection_->inventory().attributed();
  if (!seen) return seen.error();
  saw(std::move(*seen));
  return {};
}

/// The snapshot's objects are git's whether this pass made them or found them there. False where
/// there is nothing to write down.
bool Pass::begin_to_attribute_snapshot() {
  const bool first = ledger_.inventory_format.empty();
  // Healing makes nothing new: what it has brought back is compared with what was made then.
  if (!desired_.model || (heals() && !first)) return false;
  const auto claimed = snapshot::claims(first ? snapshot::Snapshot() : model_of(base_),
                                        *desired_.model, report_.plan.drift);
  if (claimed.empty() && steps_of(Stage::Snapshot).empty()) return false;
  connection_->inventory().attribute_ahead({desired_.path, report_.revision.commit}, claimed);
  return true;
}

/// Steps that bring back what git made and somebody changed: for the snapshot's objects those of a
/// plan in which git is right about each of them, for the rest the inventory's own definitions.
/// Nothing is removed by them.
void Pass::plan_healing(const LiveState& live) {
  Plan& plan = report_.plan;
  Allowances git_is_right = allowances_;
  for (const Drift& entry : plan.drift) {
    if (entry.kind != Drift::Kind::Unmanaged) git_is_right.take_git.insert(entry.object.text());
  }
  std::set<ObjectIdentity> healed;
  if (desired_.model && live.directus) {
    Plan again = snapshot::plan({snapshot::Snapshot(), *desired_.model, live, git_is_right,
                                 report_.revision, desired_.path, options_.collection_limit});
    for (Step& step : again.steps) {
      if (step.action == Action::Remove) continue;
      std::erase_if(step.statements, [&](const Statement& statement) {
        return is_half_built(statement, differences_);
      });
      const auto left = std::erase_if(step.statements, [&](const Statement& statement) {
        return takes_away(step.object, statement);
      });
      if (left > 0) {
        report_.notes.push_back(fmt::format(
            "{} is not healed of an index or constraint that is not git's: adopt it, or drop it by "
            "hand",
            step.object.text()));
      } else {
        healed.insert(step.object);
      }
      if (step.statements.empty()) continue;
      step.reason = "healed: it is no longer what git says";
      plan.steps.push_back(std::move(step));
    }
    for (Hold& hold : again.holds) {
      if (git_is_right.take_git.contains(hold.object.text())) plan.holds.push_back(std::move(hold));
    }
  }
  const bool snapshot_heals = !healed.empty();
  std::vector<Difference> rest;
  std::ranges::copy_if(differences_, std::back_inserter(rest), [&](const Difference& entry) {
    const auto listed = std::ranges::find(plan.drift, entry.object, &Drift::object);
    return listed != plan.drift.end() || (snapshot_heals && catalog::is_beside_snapshot(entry));
  });
  healed.merge(plan_statements(std::move(rest)));
  std::erase_if(plan.drift, [&](const Drift& entry) { return healed.contains(entry.object); });
  std::erase_if(known_drift_,
                [&](const ObjectIdentity& object) { return healed.contains(object); });
}

/// Steps out of the inventory's own definitions; returns their objects.
std::set<ObjectIdentity> Pass::plan_statements(std::vector<Difference> entries) {
  std::set<ObjectIdentity> healed;
  std::erase_if(entries, catalog::is_metadata);
  for (const auto& [entry, statements] : catalog::healings(std::move(entries))) {
    healed.insert(entry.object);
    if (statements.empty()) continue;
    Step step;
    step.stage = Stage::Post;
    step.action = entry.live ? Action::Change : Action::Create;
    step.object = entry.object;
    step.group = std::string(healing_group);
    step.stretch = stretch_;
    step.detail = catalog::described(entry).detail;
    step.reason = "it is no longer what git made it";
    step.owner = {.file = entry.origin.file};
    for (const std::string& statement : statements) step.statements.push_back({statement});
    report_.plan.steps.push_back(std::move(step));
  }
  return healed;
}

/// What the snapshot's steps have brought back stood under other things, and some of those came
/// with it: the database tells what is left.
Result<void> Pass::replan_healing() {
  if (auto noted = connection_->inventory().note(Trust::Nothing, {}); !noted) return noted.error();
  auto left = connection_->inventory().differences();
  if (!left) return left.error();
  differences_ = std::move(*left);
  leave_out_ignored();
  std::erase_if(report_.plan.steps, [](const Step& step) { return step.group == healing_group; });
  healing_ = plan_statements(std::move(differences_));
  std::ranges::stable_sort(report_.plan.steps, {}, &Step::stage);
  seal(report_.plan);
  return {};
}

bool Pass::heals() const {
  return options_.drift == DriftPolicy::Heal && ledger_.base == report_.revision.commit;
}

/// Healed is what is again as git made it, to the letter.
Result<void> Pass::verify_healing() {
  if (healing_.empty()) return {};
  auto noted = connection_->inventory().note(Trust::Nothing, {});
  if (!noted) return noted.error();
  saw(std::move(*noted));
  auto left = connection_->inventory().differences();
  if (!left) return left.error();
  for (const Difference& entry : *left) {
    if (!healing_.contains(entry.object)) continue;
    return Error{.kind = ErrorKind::Terminal,
                 .where = entry.object.text(),
                 .what = "it was healed, and is still not what git made it",
                 .why = fmt::format("git made `{}`; the database has `{}`", *entry.owned,
                                    entry.live.value_or("nothing")),
                 .next = "change it by hand, or commit what the database has",
                 .stage = Stage::Verify};
  }
  return {};
}

}  // namespace reconcile
