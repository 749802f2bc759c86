#include "controller/postgres/scope.h"

#include <string>
#include <string_view>
#include <utility>

namespace reconcile::postgres {
namespace {

// Inside the apply transaction the statistics know nothing of the tables it has made. The planner
// then believes in a handful of rows and nests loops over thousands; hash joins are quick either
// way. Ruling a join out makes plans look costly, which must not call the JIT compiler.
constexpr std::string_view settings = "; set local enable_nestloop = off; set local jit = off";

}  // namespace

Result<ReadScope> ReadScope::open(Session& session) {
  const bool nested = session.in_transaction();
  std::string begin =
      nested ? "savepoint reconcile_read" : "begin isolation level repeatable read read only";
  auto begun = session.execute(begin += settings);
  if (!begun) return begun.error();
  return ReadScope(session, nested);
}

Result<void> ReadScope::close() {
  Session* session = std::exchange(session_, nullptr);
  return session->execute(
      nested_ ? "rollback to savepoint reconcile_read; release savepoint reconcile_read"
              : "rollback");
}

ReadScope::ReadScope(ReadScope&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), nested_(other.nested_) {}

ReadScope::~ReadScope() {
  if (session_ != nullptr) static_cast<void>(close());
}

}  // namespace reconcile::postgres
