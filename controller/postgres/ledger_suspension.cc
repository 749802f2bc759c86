#include <fmt/format.h>

#include "controller/postgres/ledger_store.h"
#include "controller/postgres/transaction.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {

using reconcile::sql::quote_literal;

/// A line of the history that is about no commit.
Result<void> LedgerStore::say(std::string_view outcome, std::string_view reason,
                              const std::string& until) {
  auto written = session_.execute(fmt::format(
      "insert into reconcile.revision (commit, base, applied, outcome, reason, actor, started_at, "
      "finished_at, suspended_until) select coalesce(pg_catalog.max(commit), ''), "
      "pg_catalog.max(commit), false, {}, {}, {}, pg_catalog.now(), pg_catalog.now(), {} from "
      "(select commit from reconcile.revision where applied order by id desc limit 1) base",
      quote_literal(outcome), quote_literal(reason), quote_literal(actor_), until));
  if (written) return {};
  Error error = written.error();
  error.what = "cannot write into the ledger that it is suspended or resumed";
  error.next = "do it as the role that owns the schema reconcile";
  return error;
}

Result<Suspension> LedgerStore::suspend(std::string_view reason,
                                        std::optional<std::chrono::seconds> length) {
  auto transaction = Transaction::begin(session_, std::nullopt);
  if (!transaction) return transaction.error();
  if (auto locked = lock(); !locked) return locked.error();
  const std::string until =
      length ? fmt::format("pg_catalog.now() + make_interval(secs => {})", length->count())
             : "null";
  if (auto said = say("suspended", reason, until); !said) return said.error();
  auto state = read();
  if (!state) return state.error();
  if (auto done = transaction->commit(); !done) return done.error();
  return *state->suspension;
}

Result<void> LedgerStore::resume() {
  auto transaction = Transaction::begin(session_, std::nullopt);
  if (!transaction) return transaction.error();
  if (auto locked = lock(); !locked) return locked.error();
  auto state = read();
  if (!state) return state.error();
  if (!state->suspension) {
    // Somebody else may have resumed it meanwhile.
    return Error{.kind = ErrorKind::Conflict,
                 .where = session_.address(),
                 .what = "nothing is suspended there",
                 .why = "",
                 .next = "nothing has to be done"};
  }
  if (auto said = say("resumed", "", "null"); !said) return said.error();
  return transaction->commit();
}

}  // namespace reconcile::postgres
