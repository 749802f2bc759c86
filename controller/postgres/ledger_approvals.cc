#include <fmt/format.h>

#include "controller/postgres/ledger_store.h"
#include "controller/postgres/transaction.h"
#include "postgres_sql.h"
#include "reconcilers/sql/quote.h"

namespace reconcile::postgres {

using reconcile::sql::quote_literal;

Result<std::vector<Approval>> LedgerStore::approvals() {
  std::vector<Approval> approvals;
  auto found = installed();
  if (!found) return found.error();
  if (!found->has("approval")) return approvals;
  auto rows = session_.query(sql::ledger_approvals);
  if (!rows) return rows.error();
  for (std::size_t row = 0; row < rows->rows(); ++row) {
    const auto text = [&](std::size_t column) { return std::string(rows->text(row, column)); };
    if (row == 0 || rows->text(row, 0) != rows->text(row - 1, 0)) {
      approvals.push_back({.revision = text(1),
                           .plan_digest = text(2),
                           .fingerprint = text(3),
                           .rows = {},
                           .actor = text(4),
                           .reason = text(5),
                           .when = text(6)});
    }
    approvals.back().rows.emplace(text(7), rows->number(row, 8));
  }
  return approvals;
}

Result<void> LedgerStore::approve(const Approval& approval) {
  std::string objects;
  std::string rows;
  for (const auto& [object, count] : approval.rows) {
    objects += (objects.empty() ? "" : ", ") + quote_literal(object);
    rows += fmt::format("{}{}", rows.empty() ? "" : ", ", count);
  }
  auto transaction = Transaction::begin(session_, std::nullopt);
  if (!transaction) return transaction.error();
  if (auto locked = lock(); !locked) return locked.error();
  auto written = session_.execute(fmt::format(
      "insert into reconcile.approval (revision, plan_digest, fingerprint, objects, rows, actor, "
      "reason) values ({}, {}, {}, array[{}]::text[], array[{}]::bigint[], {}, {})",
      quote_literal(approval.revision), quote_literal(approval.plan_digest),
      quote_literal(approval.fingerprint), objects, rows, quote_literal(actor_),
      quote_literal(approval.reason)));
  if (written) return transaction->commit();
  Error error = written.error();
  error.what = "cannot write the approval into the ledger";
  error.next = "approve as the role that owns the schema reconcile";
  return error;
}

}  // namespace reconcile::postgres
