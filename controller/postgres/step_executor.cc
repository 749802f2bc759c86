#include "controller/postgres/step_executor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "postgres_sql.h"
#include "reconcilers/sql/source_text.h"

namespace reconcile::postgres {
namespace {

// Large enough that round trips do not count, small enough that a failing message is quickly taken
// apart.
constexpr std::size_t message_bytes = 256 * 1024;

std::string first_line(std::string_view sql) {
  constexpr std::size_t longest = 120;
  std::string line(sql.substr(0, sql.find('\n')));
  if (line.size() <= longest) return line;
  line.resize(longest);
  return line += "…";
}

bool removes(std::span<const Step> steps) {
  return std::ranges::find(steps, Action::Remove, &Step::action) != steps.end();
}

std::string way_out(const Error& error) {
  if (error.kind == ErrorKind::Conflict)
    return "somebody else holds a lock on it: see pg_stat_activity, or try again";
  // PostgreSQL hints at CASCADE here, which would destroy what nobody decided about.
  if (error.sqlstate == "2BP01") {
    if (error.why.find("reconcile_quarantine.") != std::string::npos)
      return "what lies in quarantine still needs it: `reconcile restore` lists what is there, "
             "`reconcile purge` ends it for good";
    return "something else depends on it: remove that first, in git where git owns it";
  }
  if (!error.next.empty()) return error.next;
  return "mend it in a new commit";
}

}  // namespace

Result<void> StepExecutor::begin(std::chrono::milliseconds lock_timeout) {
  settings_ = fmt::format("set local lock_timeout = {}", lock_timeout.count());
  if (auto begun = session_.execute("begin; " + settings_); !begun) return begun;
  session_.in_transaction(true);
  return {};
}

Result<void> StepExecutor::lock(std::span<const std::string> tables) {
  auto locked = session_.execute(
      fmt::format("lock table {} in access exclusive mode", fmt::join(tables, ", ")));
  if (locked) return {};
  Error error = locked.error();
  error.what = fmt::format("cannot lock {}, which loses rows", fmt::join(tables, ", "));
  error.next = way_out(error);
  return error;
}

Result<void> StepExecutor::run(std::span<const Step> steps) {
  const bool generated = std::ranges::find(steps, Stage::Snapshot, &Step::stage) != steps.end();
  if (generated) {
    // Generated SQL reads the way Directus does, whatever path the role or the database has.
    if (auto fresh = forget_settings("public, pg_catalog"); !fresh) return fresh;
    if (removes(steps)) {
      if (auto made = session_.execute(sql::quarantine_take); !made) return made;
    }
    return run_generated(steps);
  }
  for (const Step& step : steps) {
    if (auto done = run_file(step); !done) return done;
  }
  return {};
}

/// What one file sets must not reach what comes after it: the old runner gave each a session of its
/// own.
Result<void> StepExecutor::forget_settings(std::string_view search_path) {
  return session_.execute(
      fmt::format("reset role; set local search_path to {}; {}", search_path, settings_));
}

Result<void> StepExecutor::run_file(const Step& step) {
  if (auto fresh = forget_settings("default"); !fresh) return fresh;
  for (const Statement& statement : step.statements) {
    auto done = statement.unread ? execute_alone(statement.text) : session_.execute(statement.text);
    if (!done) return failed(done.error(), {statement.text, &step, statement.line});
  }
  return {};
}

/// As one statement, or not at all: where it ends is only our guess, and a COMMIT behind it would
/// end the transaction.
Result<void> StepExecutor::execute_alone(std::string_view statement) {
  if (auto done = session_.query(statement, {}); !done) return done.error();
  return {};
}

Result<void> StepExecutor::check_syntax(const Step& step, const Statement& statement) {
  // Two commands in one message are refused after both are parsed, and before a table of either is
  // looked for: some may only be made by what runs before.
  constexpr std::string_view companion = "select 1;\n";
  auto answer = session_.query(std::string(companion) + statement.text, {});
  if (answer) return {};
  Error error = answer.error();
  if (error.kind != ErrorKind::Terminal) return error;
  if (error.position == 0) return {};
  error.position -= static_cast<int>(companion.size());
  const std::string server = fmt::format("the server, PostgreSQL {}", session_.major_version());
  point_out(error, {statement.text, &step, statement.line});
  if (statement.unread && error.where == statement.unread->where) {
    // The same place: ours has the better words for what psql would have understood.
    error = *statement.unread;
    error.why += fmt::format("\n{}, says the same", server);
    return error;
  }
  error.what = fmt::format("this is not SQL that {}, accepts", server);
  error.next = "correct the statement";
  return error;
}

Result<void> StepExecutor::run_generated(std::span<const Step> steps) {
  struct Ranked {
    const Statement* statement;
    const Step* step;
  };
  std::vector<Ranked> statements;
  for (const Step& step : steps) {
    for (const Statement& statement : step.statements) statements.push_back({&statement, &step});
  }
  std::ranges::stable_sort(statements, {},
                           [](const Ranked& entry) { return entry.statement->rank; });
  std::vector<Call> calls;
  const std::string* head = nullptr;
  for (const auto& [statement, step] : statements) {
    if (statement->insert_head && head == statement->insert_head.get()) {
      calls.back().sql += ",\n" + statement->text;
      continue;
    }
    head = statement->insert_head.get();
    calls.push_back(
        {(head != nullptr ? *head : std::string()) + statement->text, step, statement->line});
  }
  for (std::size_t begin = 0; begin < calls.size();) {
    std::size_t end = begin;
    std::size_t bytes = 0;
    while (end < calls.size() && (end == begin || bytes + calls[end].sql.size() <= message_bytes))
      bytes += calls[end++].sql.size();
    if (auto sent = send(std::span(calls).subspan(begin, end - begin)); !sent) return sent;
    begin = end;
  }
  return {};
}

Result<void> StepExecutor::send(std::span<const Call> calls) {
  // On its own: of a message that cannot be parsed not even the first statement runs.
  if (auto set = session_.execute("savepoint reconcile_batch"); !set) return set;
  std::string message;
  for (const Call& call : calls) message += call.sql + ";\n";
  message += "release savepoint reconcile_batch";
  auto sent = session_.execute(message);
  if (sent) return {};
  return send_one_by_one(calls, sent.error());
}

/// The message failed as a whole; find the statement to blame. Only ever runs on the way to a
/// failure.
Result<void> StepExecutor::send_one_by_one(std::span<const Call> calls, const Error& first) {
  if (first.kind == ErrorKind::Transient) return first;
  if (auto back = session_.execute("rollback to savepoint reconcile_batch"); !back) return first;
  for (const Call& call : calls) {
    if (auto done = session_.execute(call.sql); !done) return failed(done.error(), call);
  }
  return first;
}

/// Puts the place of the server's syntax error into the error.
void StepExecutor::point_out(Error& error, const Call& call) {
  const std::size_t at = reconcile::sql::byte_offset(call.sql, error.position);
  const int line = call.line + reconcile::sql::line_at(call.sql, at) - 1;
  error.where = Owner{call.step->owner.file, line}.text();
  error.why += "\n" + reconcile::sql::point_at(call.sql, at);
}

Error StepExecutor::failed(Error error, const Call& call) {
  if (error.sqlstate.starts_with("08")) return error;
  error.where = Owner{call.step->owner.file, call.line}.text();
  error.what = fmt::format("{} failed at `{}`", call.step->object.text(), first_line(call.sql));
  error.why = fmt::format("{} (SQLSTATE {})", error.why, error.sqlstate);
  error.next = way_out(error);
  if (error.position > 0 && call.line > 0) point_out(error, call);
  return error;
}

Result<void> StepExecutor::commit() {
  auto done = session_.execute("commit");
  session_.in_transaction(false);
  if (done || done.error().kind != ErrorKind::Terminal) return done;
  Error error = done.error();
  error.what = "a constraint that is checked at the commit refuses the revision";
  error.why = fmt::format("{} (SQLSTATE {})", error.why, error.sqlstate);
  error.next = way_out(error);
  return error;
}

void StepExecutor::rollback() noexcept {
  if (!session_.in_transaction()) return;
  session_.in_transaction(false);
  static_cast<void>(session_.execute("rollback"));
}

}  // namespace reconcile::postgres
