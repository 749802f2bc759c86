#include "reconcilers/policy/alone.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconcilers/pass/stages.h"

// What runs outside of any transaction: written down, run, looked for in the catalog, written down
// again. The lease is held all the time, and nothing else is: no snapshot for which the server
// would have to wait.

namespace reconcile {
namespace {

constexpr std::size_t longest_excerpt = 120;

std::string excerpt(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  if (line.size() <= longest_excerpt) return line;
  line.resize(longest_excerpt);
  return line += "…";
}

Owner place_of(const Step& step, const Statement& statement) {
  return {step.owner.file, statement.line};
}

Error failure(const Step& step, const Statement& statement, const std::string& text, Error error) {
  error.where = place_of(step, statement).text();
  error.what = fmt::format("{} failed at `{}`", step.object.text(), excerpt(text));
  if (!error.sqlstate.empty()) error.why += fmt::format(" (SQLSTATE {})", error.sqlstate);
  error.next = policy::way_out(*statement.alone, error);
  // What the snapshot asks runs behind it, and is still the snapshot's.
  error.stage = step.gentle ? Stage::Snapshot : step.stage;
  return error;
}

/// A table or a column.
bool is_not_there(const Error& error) {
  return error.sqlstate == "42P01" || error.sqlstate == "42703";
}

}  // namespace

Result<std::optional<Outcome>> Pass::run_alone() {
  const auto found = std::ranges::find(report_.plan.steps, stretch_, &Step::stretch);
  const Step step = *found;
  for (std::size_t i = 0; i < step.statements.size(); ++i) {
    auto ended = run_alone(step, i);
    if (!ended || *ended) return ended;
  }
  return std::optional<Outcome>();
}

Result<std::optional<Outcome>> Pass::run_alone(const Step& step, std::size_t number) {
  const Statement& statement = step.statements[number];
  Journal& journal = connection_->journal();
  const auto state = journal.look(*statement.alone);
  if (!state) return failure(step, statement, statement.text, state.error());
  const policy::AloneDecision decision = policy::decide(statement, *state);
  if (decision.taken) {
    return std::optional<Outcome>(
        held(policy::taken_name(*statement.alone, *state, place_of(step, statement))));
  }
  if (decision.waits)
    return failure(
        step, statement, statement.text,
        {.kind = ErrorKind::Conflict, .where = {}, .what = {}, .why = *decision.waits, .next = {}});
  if (auto opened = open_stretch(); !opened) return opened.error();
  const auto entry = journal.intend({report_.revision.commit, step.owner.file, statement.line,
                                     static_cast<int>(number) + 1, statement.text});
  if (!entry) return entry.error();
  if (auto begun = connection_->executor().commit(); !begun) return begun.error();
  progressed_ = true;
  if (decision.run) {
    auto done = run_to_its_end(step, statement, decision.clear, *decision.run);
    if (!done) {
      journal.failed(*entry, describe(done.error()));
      clear_after_failure(step, statement);
      return done.error();
    }
  }
  if (auto settled = settle_alone(step, number, *entry); !settled) return settled.error();
  return std::optional<Outcome>();
}

Result<void> Pass::run_to_its_end(const Step& step, const Statement& statement,
                                  const std::vector<std::string>& clear, const std::string& text) {
  const std::chrono::milliseconds patience = policy::waits_beside_others(*statement.alone)
                                                 ? std::chrono::milliseconds(0)
                                                 : options_.lock_timeout;
  const AloneLimits limits{
      options_.concurrent_timeout, patience,
      fmt::format("{} of {}", place_of(step, statement).text(), report_.revision.short_commit())};
  ports_.progress.entered(excerpt(text));
  Journal& journal = connection_->journal();
  for (const std::string& left : clear) {
    if (auto done = journal.run(left, limits); !done)
      return failure(step, statement, left, done.error());
    report_.notes.push_back(
        fmt::format("an earlier try broke off, and what it left was cleared: {}", left));
  }
  if (auto done = journal.run(text, limits); !done)
    return failure(step, statement, text, done.error());
  const auto state = journal.look(*statement.alone);
  if (!state) return failure(step, statement, text, state.error());
  const std::string missing = policy::undone(*statement.alone, *state);
  if (missing.empty()) return {};
  return failure(
      step, statement, text,
      {.kind = ErrorKind::Terminal, .where = {}, .what = {}, .why = missing, .next = {}});
}

/// Begins a transaction in which what the catalog shows of it is written down as this revision's.
Result<void> Pass::begin_attributing(const Step& step, const Alone& what) {
  const auto state = connection_->journal().look(what);
  if (!state) return state.error();
  if (auto begun = begin_checked(); !begun) return begun;
  const auto objects = objects_of(what, *state);
  if (!objects) return objects.error();
  auto seen = connection_->inventory().attribute_these({step.owner.file, report_.revision.commit},
                                                       *objects, state->about);
  if (!seen) return seen.error();
  saw(std::move(*seen));
  return {};
}

/// It is done: whose work it is, and that it is, are written down together.
Result<void> Pass::settle_alone(const Step& step, std::size_t number, std::int64_t entry) {
  if (auto noted = begin_attributing(step, *step.statements[number].alone); !noted) return noted;
  if (auto done = connection_->journal().done(entry); !done) return done;
  if (number + 1 == step.statements.size()) return commit_stretch(&step);
  return connection_->executor().commit();
}

/// What the inventory knows it by, and what goes or comes with it. The name of what is gone only
/// the inventory still has.
Result<std::vector<ObjectIdentity>> Pass::objects_of(const Alone& what, const AloneState& state) {
  std::vector<ObjectIdentity> objects;
  if (what.kind == Alone::Kind::DetachPartition) return objects;
  if (what.kind == Alone::Kind::AddValue) return std::vector{ObjectIdentity{"enum", state.object}};
  if (what.kind == Alone::Kind::SetNotNull)
    return std::vector<ObjectIdentity>{{"column", state.object}, {"constraint", state.gone}};
  if (what.kind == Alone::Kind::AddUnique)
    return std::vector<ObjectIdentity>{{"constraint", state.object}, {"index", state.gone}};
  if (what.kind == Alone::Kind::Validate)
    return std::vector{ObjectIdentity{"constraint", state.object}};
  if (state.there) objects.push_back({"index", state.object});
  if (what.kind == Alone::Kind::DropIndex) {
    auto differences = connection_->inventory().differences();
    if (!differences) return differences.error();
    for (const Difference& entry : *differences) {
      if (!entry.live && policy::is_about(what, entry.object)) objects.push_back(entry.object);
    }
  }
  const std::size_t indexes = objects.size();
  for (std::size_t i = 0; i < indexes; ++i)
    objects.push_back({"comment", "on index " + objects[i].name});
  return objects;
}

/// Nothing that only costs its writers time stays behind. What cannot be cleared at once, because
/// somebody is in the way, is the next try's first task.
void Pass::clear_after_failure(const Step& step, const Statement& statement) {
  Journal& journal = connection_->journal();
  const auto state = journal.look(*statement.alone);
  if (!state) return;
  const AloneLimits limits{options_.lock_timeout * 2, options_.lock_timeout, "clearing"};
  for (const std::string& left : policy::after_failure(statement, *state)) {
    if (!journal.run(left, limits)) return;
  }
  // What was written down as git's, with the piece before, is not any more.
  if (statement.alone->undo.empty() || !begin_attributing(step, *statement.alone)) return;
  static_cast<void>(connection_->executor().commit());
}

/// What would be held once it comes to it is held before anything is done.
Result<std::vector<Hold>> Pass::look_at_alone() {
  std::vector<Hold> holds;

  for (const Step& step : report_.plan.steps) {
    if (!step.alone) continue;
    for (const Statement& statement : step.statements) {
      const auto state = connection_->journal().look(*statement.alone);
      if (!state && options_.mode == Mode::DryRun) {
        report_.notes.push_back(
            fmt::format("{}: whether it is there already could not be looked at: {}",
                        place_of(step, statement).text(), describe(state.error())));
        continue;
      }
      if (!state) return failure(step, statement, statement.text, state.error());
      if (policy::decide(statement, *state).taken)
        holds.push_back(policy::taken_name(*statement.alone, *state, place_of(step, statement)));
    }
  }
  return holds;
}

/// Whether the rows that are there allow what a gentle way would only find out when half of the
/// revision is live. Nobody waits for the answer, and there is none where SQL of the revision may
/// mend them first, or where it is about what is only made by it.
Result<void> Pass::look_at_rows() {
  if (!steps_of(Stage::Pre).empty()) return {};
  for (const Step& step : report_.plan.steps) {
    for (const Statement& statement : step.statements) {
      if (!step.alone || statement.alone->violators.empty()) continue;
      const auto counted = connection_->reader().count({&statement.alone->violators, 1});
      if (!counted && !is_not_there(counted.error())) return counted.error();
      if (!counted || counted->front() == 0) continue;
      Error error = failure(step, statement, statement.text,
                            policy::violated(*statement.alone, counted->front()));
      error.what = step.object.text() + " cannot be what git says";
      if (options_.mode == Mode::Auto) return error;
      report_.notes.push_back("it will fail: " + describe(error));
    }
  }
  return {};
}

/// What an earlier try has done, or has left, is not drift: this pass goes on with it.
void Pass::leave_out_pending() {
  for (const Step& step : report_.plan.steps) {
    if (!step.alone) continue;
    for (const Statement& statement : step.statements) {
      std::erase_if(report_.plan.drift, [&](const Drift& entry) {
        return policy::is_about(*statement.alone, entry.object);
      });
    }
  }
}

}  // namespace reconcile
