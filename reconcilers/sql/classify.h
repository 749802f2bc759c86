#pragma once

#include <span>
#include <string>

#include "reconcilers/core/result.h"
#include "reconcilers/sql/tokens.h"

namespace reconcile::sql {

/// How a statement stands to the one transaction a revision is applied in.
enum class StatementClass {
  Transactional,       ///< may run in it
  NonTransactional,    ///< PostgreSQL, or TimescaleDB, refuses it inside a transaction block
  TransactionControl,  ///< would end or change the transaction, which is the controller's
};

struct Classification {
  StatementClass cls = StatementClass::Transactional;
  std::string command;  ///< what makes it so, "CREATE INDEX CONCURRENTLY"; empty when Transactional
};

/// Classifies one statement by its parse tree. `tokens` are those of `statement`, without comments.
///
/// What only the server can know is left to the server, which then refuses and rolls back: REINDEX
/// and CLUSTER of a partitioned table, COMMIT inside a procedure or a DO block.
Result<Classification> classify(std::string_view statement, std::span<const Token> tokens);

/// The same from its first words alone, for a statement that has no tree. What can only run outside
/// a transaction and does not say so in them is left to the server.
Classification classify_by_words(std::span<const Token> tokens);

}  // namespace reconcile::sql
