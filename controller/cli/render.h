#pragma once

#include <string>
#include <vector>

#include "controller/cli/terminal.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/render/report_json.h"

namespace reconcile::cli {

/// A report for people: header, steps like a diff, drift, totals. `sql` adds the statements of each
/// step.
std::string render_plan(const PassReport& report, const Look& look, bool sql);

/// The target, what it has and what git has.
std::string render_header(const PassReport& report, const Look& look);

/// What git did not ask for; nothing where there is none. `sql` adds how each can be healed, and
/// how adopted.
std::string render_drift(const std::vector<Drift>& drift, const Look& look, bool sql);

std::string render_blame(const std::vector<ObjectRecord>& objects, const Look& look);
std::string render_blame_json(const std::string& target, const std::vector<ObjectRecord>& objects);

/// What a person should know besides the plan, for stderr: notes, why it is held or failed, and the
/// way out.
std::string render_messages(const PassReport& report, const Look& look);

/// Of that, only the notes and the warnings.
std::string render_notes(const PassReport& report, const Look& look);

/// One line: what the pass came to.
std::string render_outcome(const PassReport& report, const Look& look);

/// One JSON document on one line, the same for every command that makes a pass.
std::string render_json(const PassReport& report);

/// A plan for the comment of a pull request: a summary, what is held and why, and folded below it
/// every step with its hazards, locks, rows at stake and owner. Names of objects are only ever text
/// in it.
std::string render_markdown(const PassReport& report);

/// The ledger, newest first.
std::string render_history(const std::string& target, const std::vector<Attempt>& attempts,
                           const Look& look);
std::string render_history_json(const std::string& target, const std::vector<Attempt>& attempts);

/// A table of targets, one line each.
std::string render_status(const std::vector<PassReport>& reports, const Look& look);

using render::reason_for;
using render::word_for;

}  // namespace reconcile::cli
