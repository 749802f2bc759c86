#include "reconcilers/policy/alone.h"

#include <fmt/format.h>

namespace reconcile::policy {
namespace {

using Kind = Alone::Kind;

std::string drop(const std::string& index) { return "drop index concurrently if exists " + index; }

/// An index that is not valid while somebody builds it is not one that was left behind.
AloneDecision after_clearing(const Statement& statement, const AloneState& state,
                             std::vector<std::string> left) {
  if (left.empty() || state.builder.empty()) return {std::move(left), statement.text, {}, {}};
  return {{},
          {},
          {},
          fmt::format("{} is not valid, and {} may be building it", left.front(), state.builder)};
}

AloneDecision create_index(const Statement& statement, const AloneState& state) {
  if (!state.there) return {{}, statement.text, {}, {}};
  if (!state.as_asked)
    return {{}, {}, fmt::format("{} is there already, as `{}`", state.object, state.found), {}};
  if (state.whole) return {};
  AloneDecision decision = after_clearing(statement, state, {state.object});
  for (std::string& left : decision.clear) left = drop(left);
  return decision;
}

AloneDecision reindex(const Statement& statement, const AloneState& state) {
  AloneDecision decision = after_clearing(statement, state, state.leftovers);
  for (std::string& left : decision.clear) left = drop(left);
  return decision;
}

AloneDecision detach(const Statement& statement, const AloneState& state) {
  if (!state.there) return {};
  if (state.whole) return {{}, statement.text, {}, {}};
  const Alone& what = *statement.alone;
  return {{},
          fmt::format("alter table {} detach partition {} finalize", what.relation, what.partition),
          {},
          {}};
}

}  // namespace

AloneDecision decide(const Statement& statement, const AloneState& state) {
  switch (statement.alone->kind) {
    case Kind::CreateIndex:
      return create_index(statement, state);
    case Kind::DropIndex:
      return state.there ? AloneDecision{{}, statement.text, {}, {}} : AloneDecision();
    case Kind::ReindexIndex:
    case Kind::ReindexTable:
      return reindex(statement, state);
    case Kind::DetachPartition:
      return detach(statement, state);
    case Kind::AddValue:
      break;
  }
  return state.there ? AloneDecision() : AloneDecision{{}, statement.text, {}, {}};
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
          "drop or rename what is there, or give the index of the file another name; where the "
          "database is right, let the file say the same"};
}

std::string way_out(const Alone& what, const Error& error) {
  if (error.kind == ErrorKind::Transient)
    return "the next pass looks at what it left, and goes on there";
  if (error.kind == ErrorKind::Conflict)
    return "somebody else holds a lock on it: see pg_stat_activity, or try again";
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
  return object.kind == "index" &&
         is_named(what.kind == Kind::CreateIndex ? what.name : what.relation);
}

}  // namespace reconcile::policy
