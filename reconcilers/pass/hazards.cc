#include "reconcilers/sql/hazards.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "reconcilers/pass/stages.h"
#include "reconcilers/policy/hazard_levels.h"

namespace reconcile {
namespace {

/// The statements of a plan as they will run: stage by stage, those of the snapshot by rank.
struct Sequence {
  std::vector<sql::PlannedStatement> statements;
  std::vector<std::size_t> steps;  ///< the step of each
};

Sequence sequence_of(std::span<const Step> steps) {
  struct Entry {
    sql::PlannedStatement planned;
    std::size_t step;
    Stage stage;
    int rank;
  };
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool generated = steps[i].stage == Stage::Snapshot;
    bool first = !generated;
    for (const Statement& statement : steps[i].statements) {
      entries.push_back({{.statement = &statement, .begins_file = first, .generated = generated},
                         i,
                         steps[i].stage,
                         generated ? statement.rank : 0});
      first = false;
    }
  }
  std::ranges::stable_sort(entries, [](const Entry& left, const Entry& right) {
    return std::pair(left.stage, left.rank) < std::pair(right.stage, right.rank);
  });
  Sequence sequence;
  for (const Entry& entry : entries) {
    sequence.statements.push_back(entry.planned);
    sequence.steps.push_back(entry.step);
  }
  return sequence;
}

/// A value of an enum that the revision uses cannot be used before it is committed.
Step value_ahead(const Step& file, const Statement& statement) {
  Step step;
  step.stage = Stage::Pre;
  step.action = Action::Change;
  step.object = {"value",
                 fmt::format("{} of {}", statement.alone->name, statement.alone->relation)};
  step.group = "ahead of the revision";
  step.detail = "committed ahead: a value cannot be used in the transaction that adds it";
  step.reason = file.reason;
  step.owner = {file.owner.file, statement.line};
  step.statements = {statement};
  step.statements.front().text = statement.alone->inside;
  step.alone = true;
  return step;
}

}  // namespace

/// What the plan's SQL may do to the database as it is now. Where the facts cannot be had, every
/// table counts as one with rows.
Result<void> Pass::find_hazards() {
  facts_.reset();
  const MentionedNames mentioned = sql::mentioned_names(sequence_of(report_.plan.steps).statements);
  if (!mentioned.empty()) {
    auto facts = connection_->reader().facts(mentioned);
    if (!facts && facts.error().kind == ErrorKind::Transient) return facts.error();
    if (facts) {
      facts_ = std::move(*facts);
    } else {
      report_.notes.push_back(fmt::format(
          "the tables of this plan count as full of rows, because they could not be looked at: {}",
          describe(facts.error())));
    }
  }
  place_steps();
  attach_hazards();
  return {};
}

/// Sets apart what has to run alone. What need not, because nobody uses the table yet, runs in the
/// transaction like everything else, without the word that says otherwise.
void Pass::place_steps() {
  std::vector<Step>& steps = report_.plan.steps;
  const auto may_run_alone = [](const Step& step) {
    return std::ranges::any_of(step.statements,
                               [](const Statement& each) { return each.alone || each.gentle; });
  };
  if (std::ranges::any_of(steps, may_run_alone)) {
    const Sequence sequence = sequence_of(steps);
    std::vector<Step> ahead;
    std::set<const Statement*> gentle;
    for (const std::size_t number : sql::alone(sequence.statements, facts_ ? &*facts_ : nullptr)) {
      Step& step = steps[sequence.steps[number]];
      const Statement& statement = *sequence.statements[number].statement;
      if (statement.gentle) {
        gentle.insert(&statement);
      } else if (statement.alone->kind == Alone::Kind::AddValue) {
        ahead.push_back(value_ahead(step, statement));
      } else {
        step.alone = true;
      }
    }
    for (Step& step : steps) {
      for (Statement& statement : step.statements) {
        const bool inside = statement.alone && !step.alone &&
                            (statement.alone->kind != Alone::Kind::AddValue || !ahead.empty());
        if (inside) statement.text = statement.alone->inside;
        if (!step.alone) statement.alone.reset();
      }
    }
    // Healing, and going back, is one transaction, or nothing of it.
    if (!heals() && !options_.rollback) take_gentle_ways(gentle);
    steps.insert(steps.begin(), std::move_iterator(ahead.begin()), std::move_iterator(ahead.end()));
    seal(report_.plan);
  }
  number_stretches();
}

/// Whether a table that was empty for the plan has rows since, so that its hazards are others now.
Result<bool> Pass::a_table_was_filled() {
  if (!facts_) return false;
  auto now =
      connection_->reader().facts(sql::mentioned_names(sequence_of(report_.plan.steps).statements));
  if (!now) return now.error();
  std::set<std::pair<std::string, std::string>> empty;
  for (const auto& relation : facts_->relations) {
    if (!relation.populated) empty.emplace(relation.schema, relation.name);
  }
  return std::ranges::any_of(now->relations, [&](const auto& relation) {
    return relation.populated && empty.contains({relation.schema, relation.name});
  });
}

void Pass::attach_hazards() {
  std::vector<Step>& steps = report_.plan.steps;
  for (Step& step : steps) step.hazards.clear();
  const Sequence sequence = sequence_of(steps);
  for (sql::FoundHazard& found : sql::hazards(sequence.statements, facts_ ? &*facts_ : nullptr)) {
    steps[sequence.steps[found.statement]].hazards.push_back(std::move(found.hazard));
  }
  policy::set_hazard_levels(steps, options_.hazards);
}

}  // namespace reconcile
