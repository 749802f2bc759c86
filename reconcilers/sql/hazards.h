#pragma once

#include <span>
#include <vector>

#include "reconcilers/core/catalog_facts.h"
#include "reconcilers/core/plan.h"

namespace reconcile::sql {

/// A statement at its place among all that a plan runs in its one transaction.
struct PlannedStatement {
  const Statement* statement = nullptr;  ///< outlives what is made of it
  bool begins_file = false;              ///< what was set before does not reach it
  bool generated = false;                ///< from the snapshot, not from a file
};

struct FoundHazard {
  std::size_t statement = 0;  ///< its number among those that were given
  Hazard hazard;
};

/// The hazards of a plan's statements, in their order, by their parse trees. What one statement
/// makes, renames or sets counts for those behind it: a table that is new in the plan is at
/// nobody's risk. `facts` are of the database before the plan, for mentioned_names(); null where
/// nothing is known, and then every table of before counts as one with rows.
///
/// reconcile sets lock_timeout and TimeZone UTC itself and runs a plan in one transaction, so that
/// none of the three is a hazard here.
std::vector<FoundHazard> hazards(std::span<const PlannedStatement> statements,
                                 const CatalogFacts* facts);

/// Which of them have to run alone: what takes its time beside a table's users, where it has any,
/// or has a gentle way to do so; and values of enums that somebody uses before the plan is done.
/// Where it makes no difference they stay in the transaction. By number, in their order.
std::vector<std::size_t> alone(std::span<const PlannedStatement> statements,
                               const CatalogFacts* facts);

/// What hazards() wants to have facts of. More names than needed: keywords are among them.
MentionedNames mentioned_names(std::span<const PlannedStatement> statements);

}  // namespace reconcile::sql
