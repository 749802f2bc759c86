#include "controller/postgres/journal_store.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "controller/postgres/transaction.h"
#include "postgres_sql.h"
#include "reconcilers/core/digest.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {
namespace {

using reconcile::sql::quote_literal;

std::vector<std::string> texts_in(std::string_view json) {
  std::vector<std::string> texts;
  if (json.empty()) return texts;
  const boost::json::value parsed = boost::json::parse(json);
  for (const auto& text : parsed.as_array()) texts.emplace_back(text.as_string());
  return texts;
}

}  // namespace

Result<AloneState> JournalStore::look(const Alone& what) {
  switch (what.kind) {
    case Alone::Kind::DetachPartition:
      return look_at_partition(what);
    case Alone::Kind::AddValue:
      return look_at_value(what);
    case Alone::Kind::AddUnique:
    case Alone::Kind::Validate:
      return look_at_part(sql::journal_constraint, {what.relation, what.name});
    case Alone::Kind::SetNotNull:
      return look_at_part(sql::journal_column, {what.relation, what.name, what.proof});
    case Alone::Kind::CreateIndex:
    case Alone::Kind::DropIndex:
    case Alone::Kind::ReindexIndex:
    case Alone::Kind::ReindexTable:
      break;
  }
  return look_at_index(what);
}

Result<AloneState> JournalStore::look_at_index(const Alone& what) {
  auto rows = session_.query(sql::journal_index, {what.relation, what.name});
  if (!rows) return rows.error();
  AloneState state;
  if (rows->rows() == 0) return state;
  const auto text = [&](std::size_t column) { return std::string(rows->text(0, column)); };
  state.there = true;
  state.object = text(0);
  state.whole = rows->truth(0, 1);
  state.as_asked = rows->truth(0, 2);
  state.found = text(3);
  state.builder = text(5);
  state.leftovers = texts_in(rows->text(0, 6));
  // What a build has left is built anew, whatever it was going to be.
  if (what.kind != Alone::Kind::CreateIndex || !state.as_asked || !state.whole) return state;
  auto shape = shape_of_copy(what);
  if (!shape) return shape.error();
  state.as_asked = *shape == rows->text(0, 4);
  return state;
}

/// The same index on an empty table of the same name and columns, for as long as it takes to look:
/// only the server knows how it would write it.
Result<std::string> JournalStore::shape_of_copy(const Alone& what) {
  auto transaction = Transaction::begin(session_, std::nullopt);
  if (!transaction) return transaction.error();
  auto made = session_.execute(
      fmt::format("create temporary table {} (like {}) on commit drop", what.copy, what.relation));
  if (!made) return made.error();
  if (auto copied = session_.execute(what.on_copy); !copied) return copied.error();
  auto rows = session_.query(sql::journal_index, {what.copy, what.name});
  if (!rows) return rows.error();
  return std::string(rows->text(0, 4));
}

Result<AloneState> JournalStore::look_at_partition(const Alone& what) {
  auto rows = session_.query(sql::journal_partition, {what.relation, what.partition});
  if (!rows) return rows.error();
  AloneState state;
  // What is not there is for the server to complain about.
  state.there = rows->rows() == 0 || rows->truth(0, 0);
  if (rows->rows() == 0) return state;
  state.whole = rows->truth(0, 1);
  state.about = rows->text(0, 2);
  return state;
}

Result<AloneState> JournalStore::look_at_value(const Alone& what) {
  auto rows = session_.query(sql::journal_value, {what.relation, what.name});
  if (!rows) return rows.error();
  AloneState state;
  if (rows->rows() == 0) return state;
  state.object = rows->text(0, 0);
  state.there = rows->truth(0, 1);
  return state;
}

/// A constraint or a column: what takes the place of something else, which is gone then.
Result<AloneState> JournalStore::look_at_part(std::string_view query,
                                              const std::vector<std::string>& names) {
  auto rows = session_.query(query, names);
  if (!rows) return rows.error();
  AloneState state;
  if (rows->rows() == 0) return state;
  state.object = rows->text(0, 0);
  state.gone = rows->text(0, 1);
  state.there = rows->truth(0, 2);
  state.whole = rows->truth(0, 3);
  return state;
}

Result<std::int64_t> JournalStore::intend(const JournalEntry& entry) {
  auto broken = session_.execute(
      "update reconcile.journal set state = 'failed', error = 'it broke off', "
      "ended_at = pg_catalog.now() where state = 'intended'");
  if (!broken) return broken.error();
  auto rows = session_.query(
      "insert into reconcile.journal (commit, file, line, number, statement_hash) "
      "values ($1, $2, $3::integer, $4::integer, $5) returning id",
      {entry.commit, entry.file, std::to_string(entry.line), std::to_string(entry.number),
       sha256(entry.text)});
  if (!rows) return rows.error();
  return rows->number(0, 0);
}

Result<void> JournalStore::done(std::int64_t entry) {
  return session_.execute(fmt::format(
      "update reconcile.journal set state = 'done', ended_at = pg_catalog.clock_timestamp() "
      "where id = {}",
      entry));
}

void JournalStore::failed(std::int64_t entry, std::string_view error) noexcept {
  try {
    static_cast<void>(
        session_.query("update reconcile.journal set state = 'failed', error = $2, "
                       "ended_at = pg_catalog.clock_timestamp() where id = $1::bigint",
                       {std::to_string(entry), std::string(error)}));
  } catch (const std::exception&) {
    // The next one that is intended finds it, and says that it broke off.
  }
}

/// The settings are the session's, because there is no transaction that they could end with.
Result<void> JournalStore::run(std::string_view statement, const AloneLimits& limits) {
  const std::string shown = quote_literal("reconcile " + limits.shown_as);
  auto set = session_.execute(
      fmt::format("set application_name = {}; set lock_timeout = {}; set statement_timeout = {}",
                  shown, limits.lock.count(), limits.statement.count()));
  if (!set) return set;
  auto done = session_.execute(statement);
  auto reset = session_.execute(
      "set application_name = 'reconcile'; set lock_timeout = '10s'; reset statement_timeout");
  return done ? reset : done;
}

}  // namespace reconcile::postgres
