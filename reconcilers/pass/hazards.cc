#include "reconcilers/sql/hazards.h"

#include <fmt/format.h>

#include <algorithm>
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
  attach_hazards();
  return {};
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
