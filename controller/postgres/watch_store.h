#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/ports/watch.h"

namespace reconcile::postgres {

/// The triggers of the watch, and reconcile.change, which they fill. Each call is on its own.
class WatchStore : public Watch {
 public:
  explicit WatchStore(Session& session) : session_(session) {}

  Result<std::string> keep() override;
  Result<void> remove() override;
  Result<std::vector<Witness>> changes() override;

 private:
  Session& session_;
};

}  // namespace reconcile::postgres
