#include "controller/postgres/scope.h"

#include <string_view>

namespace reconcile::postgres {
namespace {

// Inside the apply transaction the statistics know nothing of the tables it has made. The planner
// then believes in a handful of rows and nests loops over thousands; hash joins are quick either
// way. Ruling a join out makes plans look costly, which must not call the JIT compiler.
constexpr std::string_view settings = "set local enable_nestloop = off; set local jit = off";

}  // namespace

ReadScope::ReadScope(Session& session) : session_(session), nested_(session.in_transaction()) {
  session_.put_off(nested_ ? "savepoint reconcile_read"
                           : "begin isolation level repeatable read read only");
  session_.put_off(settings);
}

Result<void> ReadScope::close() {
  open_ = false;
  return session_.execute(
      nested_ ? "rollback to savepoint reconcile_read; release savepoint reconcile_read"
              : "rollback");
}

ReadScope::~ReadScope() {
  if (open_) static_cast<void>(close());
}

}  // namespace reconcile::postgres
