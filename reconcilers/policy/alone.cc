#include "reconcilers/policy/alone.h"

#include <fmt/format.h>

namespace reconcile::policy {
namespace {

using Kind = Alone::Kind;

constexpr const char* mend_rows =
    "mend those rows, by hand or in a file below migrations/pre of a new commit";

std::string drop(const std::string& index) { return "drop index concurrently if exists " + index; }

/// An index that is not valid while somebody builds it is not one that was left behind.
AloneDecision after_clearing(const Statement& statement, const AloneState& state,
                             const std::vector<std::string>& left) {
  if (!left.empty() && !state.builder.empty())
    return {.waits = fmt::format("{} is not valid, and {} may be building it", left.front(),
                                 state.builder)};
  AloneDecision decision{.run = statement.text};
  for (const std::string& index : left) decision.clear.push_back(drop(index));
  return decision;
}

AloneDecision create_index(const Statement& statement, const AloneState& state) {
  if (!state.there) return {.run = statement.text};
  if (!state.as_asked) return {.taken = true};
  if (state.whole) return {};
  return after_clearing(statement, state, {state.object});
}

AloneDecision detach(const Statement& statement, const AloneState& state) {
  if (!state.there) return {};
  if (state.whole) return {.run = statement.text};
  const Alone& what = *statement.alone;
  return {.run = fmt::format("alter table {} detach partition {} finalize", what.relation,
                             what.partition)};
}

AloneDecision unless(bool done, const Statement& statement) {
  return done ? AloneDecision() : AloneDecision{.run = statement.text};
}

}  // namespace

AloneDecision decide(const Statement& statement, const AloneState& state) {
  switch (statement.alone->kind) {
    case Kind::CreateIndex:
      return create_index(statement, state);
    case Kind::DropIndex:
      return unless(!state.there, statement);
    case Kind::ReindexIndex:
    case Kind::ReindexTable:
      return after_clearing(statement, state, state.leftovers);
    case Kind::DetachPartition:
      return detach(statement, state);
    case Kind::Validate:
      return unless(state.there && state.whole, statement);
    case Kind::AddValue:
    case Kind::AddUnique:
    case Kind::SetNotNull:
      break;
  }
  return unless(state.there, statement);
}

std::vector<std::string> after_failure(const Statement& statement, const AloneState& state) {
  if (!statement.alone->undo.empty()) return {statement.alone->undo};
  return decide(statement, state).clear;
}

bool waits_beside_others(const Alone& what) {
  return what.kind != Kind::AddUnique && what.kind != Kind::SetNotNull;
}

std::string undone(const Alone& what, const AloneState& state) {
  switch (what.kind) {
    case Kind::CreateIndex:
      if (!state.there) return "the index is not there";
      return state.whole ? "" : "the index is not valid";
    case Kind::DropIndex:
      return state.there ? "the index is still there" : "";
    case Kind::ReindexIndex:
    case Kind::ReindexTable:
      return state.leftovers.empty() ? "" : state.leftovers.front() + " was left behind";
    case Kind::DetachPartition:
      return state.there ? "the partition is still attached" : "";
    case Kind::Validate:
      return state.there && state.whole ? "" : "the constraint still does not count for all rows";
    case Kind::AddUnique:
      return state.there ? "" : "the constraint is not there";
    case Kind::SetNotNull:
      return state.there ? "" : "the column may still be NULL";
    case Kind::AddValue:
      break;
  }
  return state.there ? "" : "the type does not have the value";
}

Hold taken_name(const Alone& what, const AloneState& state, const Owner& owner) {
  return {ReasonCode::Conflict,
          {"index", state.object},
          fmt::format("{} makes the index {} on {}, and that name is taken: the database has `{}`",
                      owner.text(), what.name, what.relation, state.found),
          what.inside.empty()
              ? "drop or rename what is there: Directus has no other name for it"
              : "drop or rename what is there, or give the index of the file another name; where "
                "the database is right, let the file say the same"};
}

Error violated(const Alone& what, std::int64_t rows) {
  return {.kind = ErrorKind::Terminal,
          .where = {},
          .what = {},
          .why = fmt::format("rows of {} that {}: {}", what.relation, what.violation, rows),
          .next = mend_rows};
}

std::string way_out(const Alone& what, const Error& error) {
  if (error.kind == ErrorKind::Transient)
    return "the next pass looks at what it left, and goes on there";
  if (error.kind == ErrorKind::Conflict)
    return "somebody else holds a lock on it: see pg_stat_activity, or try again";
  if (!what.violators.empty() && error.sqlstate.starts_with("23")) return mend_rows;
  if (error.sqlstate == "23505")
    return "mend the rows in a new file before this one: it does not count as applied, so that it "
           "may be edited, and may get a higher number";
  if (error.sqlstate == "57014")
    return "concurrent_timeout of the target limits it; what it waited for are transactions that "
           "were older: see xact_start in pg_stat_activity";
  if (!error.next.empty()) return error.next;
  return fmt::format("mend the file in a new commit: its {} does not count as applied",
                     what.command);
}

bool is_about(const Alone& what, const ObjectIdentity& object) {
  const auto is_named = [&](const std::string& name) {
    const auto plain = [](std::string text) {
      std::erase(text, '"');
      return text;
    };
    const std::string full = "." + plain(object.name);
    return full.ends_with("." + plain(name));
  };
  if (what.kind == Kind::AddValue) return object.kind == "enum" && is_named(what.relation);
  if (what.kind == Kind::DetachPartition) return object.kind == "table" && is_named(what.partition);
  // Another table may have a constraint of the same name.
  if (what.kind == Kind::SetNotNull)
    return object.kind == "constraint" && is_named(what.relation + "." + what.proof);
  if (what.kind == Kind::Validate || what.kind == Kind::AddUnique)
    return object.kind == "constraint" && is_named(what.relation + "." + what.name);
  return object.kind == "index" &&
         is_named(what.kind == Kind::CreateIndex ? what.name : what.relation);
}

}  // namespace reconcile::policy
