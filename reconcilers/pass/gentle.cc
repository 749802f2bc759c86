#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "reconcilers/pass/stages.h"

// What would lock a table in use for as long as it takes to read it is done beside its users, once
// everything else of the snapshot is live.

namespace reconcile {
namespace {

constexpr std::string_view gentle_group = "once that is live";

/// `whole` says that nothing of the origin is left in the transaction.
Step gentle_step(const Step& origin, const Gentle& gentle, bool whole) {
  Step step;
  step.stage = Stage::Post;
  step.action = Action::Change;
  step.object = origin.object;
  step.group = std::string(gentle_group);
  step.detail = whole && !origin.detail.empty()
                    ? fmt::format("{}: {}", origin.detail, gentle.detail)
                    : gentle.detail;
  step.reason = origin.reason;
  step.owner = origin.owner;
  step.statements = gentle.after;
  step.alone = step.gentle = true;
  return step;
}

/// Leaves in the transaction what is quick of the statements that are `chosen`, and returns the
/// gentle ways of the rest.
template <class Chosen>
std::vector<std::shared_ptr<const Gentle>> cut(Step& step, const Chosen& chosen) {
  std::vector<std::shared_ptr<const Gentle>> ways;
  for (Statement& statement : step.statements) {
    if (!statement.gentle || !chosen(statement)) continue;
    statement.text = statement.gentle->inside;
    ways.push_back(std::move(statement.gentle));
  }
  std::erase_if(step.statements, [](const Statement& each) { return each.text.empty(); });
  return ways;
}

}  // namespace

/// `chosen` are the statements that have to go a gentle way.
void Pass::take_gentle_ways(const std::set<const Statement*>& chosen) {
  if (chosen.empty()) return;
  std::vector<Step> steps;
  std::vector<Step> later;
  for (Step& step : report_.plan.steps) {
    const auto ways = cut(step, [&](const Statement& each) { return chosen.contains(&each); });
    for (const auto& way : ways) later.push_back(gentle_step(step, *way, step.statements.empty()));
    if (ways.empty() || !step.statements.empty()) steps.push_back(std::move(step));
  }
  const auto behind = std::ranges::lower_bound(steps, Stage::Post, {}, &Step::stage);
  steps.insert(behind, std::move_iterator(later.begin()), std::move_iterator(later.end()));
  report_.plan.steps = std::move(steps);
}

/// The same for a snapshot that is planned again: what the plan has set apart stays so, as far as
/// it is still to be done.
void Pass::keep_gentle_ways(std::vector<Step>& again) {
  std::set<std::string> planned;
  std::set<std::string> asked;
  for (const Step& step : report_.plan.steps) {
    if (step.gentle) planned.insert(step.statements.front().text);
  }
  for (Step& step : again) {
    cut(step, [&](const Statement& each) {
      const std::string& first = each.gentle->after.front().text;
      asked.insert(first);
      return planned.contains(first);
    });
  }
  std::erase_if(again, [](const Step& step) { return step.statements.empty(); });
  std::erase_if(report_.plan.steps, [&](const Step& step) {
    return step.gentle && !asked.contains(step.statements.front().text);
  });
  // What is left to do may end earlier; the last stretch is a transaction.
  last_stretch_ = stretch_;
  for (const Step& step : report_.plan.steps)
    last_stretch_ = std::max(last_stretch_, step.stretch + step.stretch % 2);
}

/// Whether a later stretch makes it what git says.
bool Pass::is_pending(const ObjectIdentity& object) const {
  return std::ranges::any_of(report_.plan.steps, [&](const Step& step) {
    return step.gentle && step.stretch > stretch_ && step.object == object;
  });
}

}  // namespace reconcile
