#include <fmt/format.h>

#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/continuity.h"
#include "reconcilers/policy/destructive_guard.h"

// Going back to an older revision on purpose, and staying there until a newer one comes.

namespace reconcile {
namespace {

// As many commits as an ordinary pass listens to.
constexpr std::size_t most_messages = 10'000;

}  // namespace

/// The revision to go to is one that the newest applied one builds on, or that one itself, which
/// ends an earlier rollback.
Pass::Ended Pass::prove_rollback() {
  if (!ledger_.base) {
    return failed(Stage::Plan, {.where = fmt::format("target {}", options_.target),
                                .what = "there is nothing to roll back",
                                .why = "no revision was ever applied to this database",
                                .next = "`reconcile --once` applies the first one"});
  }
  const std::string newest = newest_known();
  auto ancestry = ports_.source.ancestry(newest, report_.revision);
  if (!ancestry) return failed(Stage::Fetch, ancestry.error());
  auto hold = policy::rollback_target(*ancestry, newest, report_.revision);
  if (!hold) return {};
  return held(std::move(*hold));
}

/// Whether this pass would take back a rollback that is in force.
Result<std::optional<Hold>> Pass::undoes_rollback() {
  if (ledger_.rolled_back_from.empty() || ledger_.base == report_.revision.commit)
    return std::optional<Hold>();
  auto ancestry = ports_.source.ancestry(ledger_.rolled_back_from, report_.revision);
  if (!ancestry) return ancestry.error();
  return policy::after_rollback(*ancestry,
                                {ledger_.rolled_back_from, *ledger_.base, ledger_.rolled_back_by},
                                report_.revision);
}

/// What the commits that are gone back over called anew gets its old name back, with its data.
Result<void> Pass::reverse_renames() {
  auto base = ports_.source.find(ledger_.begun.empty() ? *ledger_.base : ledger_.begun);
  if (!base) return base.error();
  if (!*base) return {};
  auto commits = ports_.source.between(report_.revision.commit, **base, most_messages);
  if (!commits) return commits.error();
  for (const auto& [name, renamed] : policy::allowances(*commits).renames) {
    const std::size_t space = name.find(' ');
    if (space == std::string::npos) continue;
    allowances_.renames.emplace(name.substr(0, space + 1) + renamed, name.substr(space + 1));
  }
  return {};
}

/// The newest commit that this database has had, or has had a part of.
std::string Pass::newest_known() const {
  if (!ledger_.begun.empty()) return ledger_.begun;
  return ledger_.rolled_back_from.empty() ? *ledger_.base : ledger_.rolled_back_from;
}

bool Pass::goes_back() const {
  return options_.rollback && newest_known() != report_.revision.commit &&
         (ledger_.base != report_.revision.commit || !ledger_.begun.empty());
}

/// A rollback without a step still says which revision is to stay.
bool Pass::changes_nothing() const { return report_.plan.empty() && !goes_back(); }

/// For the ledger: what stays away once this revision is applied.
std::string Pass::undone() const {
  if (goes_back()) return newest_known();
  return ledger_.base == report_.revision.commit ? ledger_.rolled_back_from : std::string();
}

/// A rollback has no commit message that could allow anything, and its plan is approved as its own.
void Pass::name_ways_out(std::vector<Hold>& holds) const {
  constexpr std::string_view approve = "reconcile approve --plan";
  for (Hold& hold : holds) {
    if (hold.code == ReasonCode::Conflict)
      hold.next = fmt::format(
          "revert in git instead of rolling back: a new commit with the files of then, and "
          "`Take-Git: {}` in its message where that is meant",
          hold.object.text());
    if (const std::size_t at = hold.next.find(approve); at != std::string::npos)
      hold.next.replace(at, approve.size(),
                        fmt::format("reconcile approve --rollback-to {} --plan",
                                    report_.revision.short_commit()));
  }
}

}  // namespace reconcile
