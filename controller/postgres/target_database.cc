#include "controller/postgres/target_database.h"

#include "controller/postgres/catalog_reader.h"
#include "controller/postgres/inventory_store.h"
#include "controller/postgres/journal_store.h"
#include "controller/postgres/ledger_store.h"
#include "controller/postgres/pooler.h"
#include "controller/postgres/quarantine_store.h"
#include "controller/postgres/session.h"
#include "controller/postgres/session_lease.h"
#include "controller/postgres/step_executor.h"
#include "controller/postgres/watch_store.h"

namespace reconcile::postgres {
namespace {

class TargetDatabase : public Connection {
 public:
  TargetDatabase(std::unique_ptr<Session> session, std::string actor)
      : session_(std::move(session)),
        lease_(*session_),
        reader_(*session_),
        executor_(*session_),
        ledger_(*session_, actor),
        inventory_(*session_),
        quarantine_(*session_, std::move(actor)),
        journal_(*session_),
        watch_(*session_) {}

  Lease& lease() override { return lease_; }
  StateReader& reader() override { return reader_; }
  Executor& executor() override { return executor_; }
  Ledger& ledger() override { return ledger_; }
  Inventory& inventory() override { return inventory_; }
  Quarantine& quarantine() override { return quarantine_; }
  Journal& journal() override { return journal_; }
  Watch& watch() override { return watch_; }

 private:
  std::unique_ptr<Session> session_;
  SessionLease lease_;
  CatalogReader reader_;
  StepExecutor executor_;
  LedgerStore ledger_;
  InventoryStore inventory_;
  QuarantineStore quarantine_;
  JournalStore journal_;
  WatchStore watch_;
};

class TargetConnector : public Connector {
 public:
  TargetConnector(std::string conninfo, std::string actor)
      : conninfo_(std::move(conninfo)), actor_(std::move(actor)) {}

  Result<std::unique_ptr<Connection>> connect() override {
    auto session = Session::connect(conninfo_);
    if (!session) return session.error();
    if (auto own = refuse_pooler(**session, conninfo_); !own) return own.error();
    return std::unique_ptr<Connection>(
        std::make_unique<TargetDatabase>(std::move(*session), actor_));
  }

 private:
  std::string conninfo_;
  std::string actor_;
};

}  // namespace

std::unique_ptr<Connector> connector(std::string conninfo, std::string actor) {
  return std::make_unique<TargetConnector>(std::move(conninfo), std::move(actor));
}

}  // namespace reconcile::postgres
