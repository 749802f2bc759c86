#pragma once

#include "controller/postgres/session.h"

namespace reconcile::postgres {

/// Settings for a read, undone afterwards. Outside a transaction it is a read-only, repeatable-read
/// one, so that all queries see one state; inside the apply transaction it is a savepoint that is
/// rolled back, search path and all.
class ReadScope {
 public:
  explicit ReadScope(Session& session);
  /// Closing is explicit because it can fail; a scope that is dropped open, after an error, tries
  /// and says nothing.
  Result<void> close();
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;
  ~ReadScope();

 private:
  Session& session_;
  bool nested_;
  bool open_ = true;
};

}  // namespace reconcile::postgres
