#include "controller/postgres/ledger_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "controller/postgres/catalog_inventory.h"
#include "postgres_sql.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {
namespace {

using reconcile::sql::quote_identifier;
using reconcile::sql::quote_literal;

Stage phase_of(std::string_view name) {
  if (name == "pre") return Stage::Pre;
  return name == "post" ? Stage::Post : Stage::Seed;
}

/// The N of "… layout N: …"; 0 where the text says none.
constexpr int layout_in(std::string_view text) {
  constexpr std::string_view word = "layout ";
  int number = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos && number == 0;
       at = text.find(word, at + 1)) {
    for (std::size_t i = at + word.size(); i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
      number = number * 10 + (text[i] - '0');
  }
  return number;
}

constexpr int current_layout = layout_in(sql::ledger_schema);
static_assert(current_layout > 0);

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Error denied(Error error, std::string_view doing) {
  error.what = doing;
  if (error.sqlstate == "42501") {
    error.next =
        "grant the role CREATE on the database, or run the first pass as the database's owner";
  }
  return error;
}

}  // namespace

Result<LedgerStore::Installed> LedgerStore::installed() {
  auto rows = session_.query(
      "select coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), ''), c.relname "
      "from pg_catalog.pg_namespace n join pg_catalog.pg_class c on c.relnamespace = n.oid "
      "where n.nspname = 'reconcile' and c.relkind = 'r'");
  if (!rows) return rows.error();
  Installed found;
  for (std::size_t row = 0; row < rows->rows(); ++row) found.tables.emplace(rows->text(row, 1));
  if (found.has("revision")) found.layout = std::max(1, layout_in(rows->text(0, 0)));
  return found;
}

Result<LedgerState> LedgerStore::read() {
  auto there = session_.query(sql::ledger_there);
  if (!there) return denied(there.error(), "cannot read the ledger");
  if (there->truth(0, 0)) {
    auto state = read_installed(there->truth(0, 1));
    if (state) state->watched = there->truth(0, 2);
    return state;
  }
  LedgerState state;
  state.current_format = inventory_format(session_.major_version());
  auto legacy = read_legacy();
  if (!legacy) return legacy.error();
  state.legacy = std::move(*legacy);
  return state;
}

Result<LedgerState> LedgerStore::read_installed(bool names_stale) {
  LedgerState state;
  state.installed = true;
  state.current_format = inventory_format(session_.major_version());
  auto applied = session_.query(sql::ledger_base);
  if (!applied) return denied(applied.error(), "cannot read the ledger");
  if (applied->at(0, 0)) {
    state.base_row = applied->number(0, 0);
    state.base = applied->text(0, 1);
    state.seen.fingerprint = applied->text(0, 2);
    state.clean = applied->truth(0, 3);
    state.settled = applied->text(0, 4);
    state.rolled_back_from = applied->text(0, 5);
    state.rolled_back_by = applied->text(0, 6);
    state.seen.pulse = applied->text(0, 8);
  }
  state.inventory_format = applied->text(0, 7);
  state.begun = applied->text(0, 9);
  state.snapshot_of = applied->text(0, 10);
  state.roots = words_of(applied->text(0, 11));
  if (applied->at(0, 18)) {
    const auto until = applied->at(0, 21);
    state.suspension = {.actor = std::string(applied->text(0, 18)),
                        .reason = std::string(applied->text(0, 19)),
                        .since = std::string(applied->text(0, 20)),
                        .until = until ? std::optional<std::string>(*until) : std::nullopt};
  }
  for (std::size_t row = 0; row < applied->rows() && applied->at(row, 12); ++row) {
    const auto text = [&](std::size_t column) { return std::string(applied->text(row, column)); };
    state.migrations.push_back(
        {phase_of(text(12)), text(13), text(14), text(15), text(16), text(17)});
  }
  if (!names_stale) return state;
  auto stale = read_stale();
  if (!stale) return stale.error();
  state.stale = std::move(*stale);
  return state;
}

Result<std::vector<StaleInstance>> LedgerStore::read_stale() {
  std::vector<StaleInstance> stale;
  auto rows = session_.query(
      "select name, revision, pg_catalog.to_char(since at time zone 'UTC', "
      "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), error from reconcile.stale_instance order by name");
  if (!rows) return rows.error();
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    stale.push_back({std::string(rows->text(row, 0)), std::string(rows->text(row, 1)),
                     std::string(rows->text(row, 2)), std::string(rows->text(row, 3))});
  }
  return stale;
}

/// The old runner kept file names in the first text column of public.migrations_applied, whatever
/// it was called.
Result<std::vector<std::string>> LedgerStore::read_legacy() {
  std::vector<std::string> names;
  auto column = session_.query(
      "select attname from pg_catalog.pg_attribute where attrelid = "
      "pg_catalog.to_regclass('public.migrations_applied') "
      "and attnum > 0 and not attisdropped and atttypid in (25, 1042, 1043) order by attnum limit "
      "1");
  if (!column) return column.error();
  if (column->rows() == 0) return names;
  auto rows = session_.query(fmt::format("select {} from public.migrations_applied order by 1",
                                         quote_identifier(column->text(0, 0))));
  if (!rows) return denied(rows.error(), "cannot read public.migrations_applied");
  for (std::size_t row = 0; row < rows->rows(); ++row) names.emplace_back(rows->text(row, 0));
  return names;
}

Result<std::int64_t> LedgerStore::lock() {
  auto has_ledger = installed();
  if (!has_ledger) return has_ledger.error();
  if (has_ledger->layout < current_layout) {
    if (auto made = session_.execute(sql::ledger_schema); !made)
      return denied(made.error(), "cannot make the schema reconcile");
  }
  auto locked = session_.execute("lock table reconcile.revision in share row exclusive mode");
  if (!locked) return denied(locked.error(), "cannot lock the ledger");
  auto newest = session_.query(
      "select coalesce(pg_catalog.max(id), 0) from reconcile.revision where applied");
  if (!newest) return newest.error();
  return newest->number(0, 0);
}

namespace {

std::string record_migrations(std::span<const RecordedMigration> migrations) {
  std::string sql;
  const char* separator =
      ";\ninsert into reconcile.migration (phase, name, file, blob, raw_hash, token_hash, "
      "revision) values ";
  for (const RecordedMigration& migration : migrations) {
    sql += fmt::format("{}({}, {}, {}, {}, {}, {}, {})", separator,
                       quote_literal(name_of(migration.phase)),
                       quote_literal(base_name(migration.file)), quote_literal(migration.file),
                       quote_literal(migration.blob), quote_literal(migration.raw_hash),
                       quote_literal(migration.token_hash), quote_literal(migration.revision));
    separator = ", ";
  }
  if (!migrations.empty()) {
    sql +=
        " on conflict (phase, name) do update set file = excluded.file, blob = excluded.blob, "
        "raw_hash = excluded.raw_hash, "
        "token_hash = excluded.token_hash, revision = excluded.revision";
  }
  return sql;
}

/// What an instance does not know since an earlier revision stays the earlier one's. Those that are
/// not configured any more are forgotten.
std::string record_instances(std::span<const std::string> instances, const std::string& commit) {
  if (instances.empty()) return {};
  std::string names;
  std::string rows;
  for (const std::string& name : instances) {
    names += (names.empty() ? "" : ", ") + quote_literal(name);
    rows += fmt::format("{}({}, {})", rows.empty() ? "" : ", ", quote_literal(name),
                        quote_literal(commit));
  }
  return fmt::format(
      ";\ndelete from reconcile.stale_instance where name not in ({})"
      ";\ninsert into reconcile.stale_instance (name, revision) values {} on conflict do nothing",
      names, rows);
}

/// What the functions of the quarantine do not know of what they put there.
std::string record_removed(const PassReport& report, const AppliedRecord& record) {
  std::string rows;
  for (const Step& step : report.plan.steps) {
    if (step.action != Action::Remove || step.object.kind != "collection" || !step.rows_at_stake)
      continue;
    rows += fmt::format(" when {} then {}", quote_literal(step.object.name), *step.rows_at_stake);
  }
  const bool removes = std::ranges::find(report.plan.steps, Action::Remove, &Step::action) !=
                       report.plan.steps.end();
  if (!removes) return {};
  std::string sql = fmt::format(";\nupdate reconcile.quarantine set removed_by = {}",
                                quote_literal(report.revision.commit));
  if (!rows.empty()) {
    sql += fmt::format(
        ", rows = case when kind = 'collection' and taken then case collection{} end else rows end",
        rows);
  }
  if (record.retention) {
    sql += fmt::format(", purge_after = removed_at + make_interval(secs => {})",
                       record.retention->count());
  }
  return sql + " where removed_by is null";
}

}  // namespace

Result<void> LedgerStore::record_applied(const PassReport& report, const AppliedRecord& record) {
  std::string sql = "reset role" + record_migrations(record.migrations) +
                    record_instances(record.instances, report.revision.commit) +
                    record_removed(report, record);
  for (const std::string& root : record.roots) {
    sql += fmt::format(";\ninsert into reconcile.repository values ({}) on conflict do nothing",
                       quote_literal(root));
  }
  sql += ";\n" + std::string(sql::ledger_forget_begun);
  sql += fmt::format(
      ";\ninsert into reconcile.revision (commit, base, applied, outcome, reason, snapshot_of, "
      "plan_digest, fingerprint, pulse, settled, inventory_format, drift, steps, actor, subject, "
      "rolled_back_from, started_at, finished_at) values ({}, nullif({}, ''), {}, {}, {}, {}, {}, "
      "{}, {}, {}, {}, {}, {}, {}, {}, nullif({}, ''), pg_catalog.now(), "
      "pg_catalog.clock_timestamp())",
      quote_literal(report.revision.commit), quote_literal(report.base.value_or("")), record.whole,
      quote_literal(record.outcome), quote_literal(record.progress),
      quote_literal(record.snapshot_of), quote_literal(report.plan.digest),
      quote_literal(record.seen.fingerprint), quote_literal(record.seen.pulse),
      quote_literal(record.settled), quote_literal(inventory_format(session_.major_version())),
      report.plan.drift.size(), report.plan.steps.size(), quote_literal(actor_),
      quote_literal(report.revision.subject()), quote_literal(record.rolled_back_from));
  auto written = session_.execute(sql);
  if (!written) return denied(written.error(), "cannot write the ledger");
  return {};
}

void LedgerStore::record_attempt(const PassReport& report, std::string_view outcome,
                                 std::string_view reason, std::string_view error) noexcept {
  try {
    const auto has_ledger = installed();
    if (!has_ledger || !*has_ledger || report.revision.commit.empty()) return;
    static_cast<void>(session_.query(
        sql::ledger_record_attempt,
        {report.revision.commit, report.base.value_or(""), std::string(outcome),
         std::string(reason), std::string(error), report.plan.digest, report.plan.fingerprint,
         std::to_string(report.plan.steps.size()), actor_, std::string(report.revision.subject()),
         std::to_string(report.duration.count())}));
  } catch (const std::exception&) {
    // The pass has failed or is held already; a ledger that cannot say so must not hide why.
  }
}

void LedgerStore::record_told(const std::string& instance) noexcept {
  try {
    static_cast<void>(
        session_.query("delete from reconcile.stale_instance where name = $1", {instance}));
  } catch (const std::exception&) {
    // Then the next pass tells it once more, which does no harm.
  }
}

void LedgerStore::record_not_told(const std::string& instance, std::string_view error) noexcept {
  try {
    static_cast<void>(session_.query(
        "update reconcile.stale_instance set error = $2, tries = tries + 1 where name = $1",
        {instance, std::string(error)}));
  } catch (const std::exception&) {
    // The row that matters is there since the apply.
  }
}

Result<std::vector<Attempt>> LedgerStore::history(std::size_t limit) {
  std::vector<Attempt> attempts;
  auto has_ledger = installed();
  if (!has_ledger) return has_ledger.error();
  if (!*has_ledger) return attempts;
  auto rows = session_.query(sql::ledger_history, {std::to_string(limit)});
  if (!rows) return denied(rows.error(), "cannot read the ledger");
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const auto text = [&](std::size_t column) { return std::string(rows->text(row, column)); };
    attempts.push_back({.id = rows->number(row, 0),
                        .commit = text(1),
                        .base = text(2),
                        .outcome = text(3),
                        .reason = text(4),
                        .error = text(5),
                        .actor = text(6),
                        .subject = text(7),
                        .started = text(8),
                        .duration_ms = rows->number(row, 9),
                        .steps = rows->number(row, 10),
                        .times = rows->number(row, 11)});
  }
  return attempts;
}

Result<std::vector<Stay>> LedgerStore::stays() {
  std::vector<Stay> stays;
  auto has_ledger = installed();
  if (!has_ledger) return has_ledger.error();
  if (!*has_ledger) return stays;
  auto rows = session_.query(sql::ledger_stays);
  if (!rows) return denied(rows.error(), "cannot read the ledger");
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const std::chrono::milliseconds since(rows->number(row, 1));
    stays.push_back({.commit = std::string(rows->text(row, 0)),
                     .since = std::chrono::system_clock::time_point(since),
                     .changed = rows->truth(row, 2),
                     .rolled_back = rows->truth(row, 3)});
  }
  return stays;
}

}  // namespace reconcile::postgres
