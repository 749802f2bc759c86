#pragma once

#include "controller/postgres/session.h"

namespace reconcile::postgres {

/// Settings for a read, undone afterwards. Outside a transaction it is a read-only, repeatable-read
/// one, so that all queries see one state; inside the apply transaction it is a savepoint that is
/// rolled back, search path and all.
class ReadScope {
 public:
  static Result<ReadScope> open(Session& session);
  /// Closing is explicit because it can fail; a scope that is dropped open, after an error, tries
  /// and says nothing.
  Result<void> close();
  ReadScope(ReadScope&& other) noexcept;
  ReadScope& operator=(ReadScope&&) = delete;
  ~ReadScope();

 private:
  ReadScope(Session& session, bool nested) : session_(&session), nested_(nested) {}

  Session* session_;
  bool nested_;
};

}  // namespace reconcile::postgres
