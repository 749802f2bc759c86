#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// The table reconcile.journal, and the statements that it is about. They run on the connection
/// that holds the lease: as long as one of them is under way, nobody else takes it for broken off,
/// even when the program that began it has been killed.
class JournalStore : public Journal {
 public:
  explicit JournalStore(Session& session) : session_(session) {}

  Result<AloneState> look(const Alone& what) override;
  Result<std::int64_t> intend(const JournalEntry& entry) override;
  Result<void> done(std::int64_t entry) override;
  void failed(std::int64_t entry, std::string_view error) noexcept override;
  Result<void> run(std::string_view statement, const AloneLimits& limits) override;

 private:
  Result<AloneState> look_at_index(const Alone& what);
  Result<AloneState> look_at_partition(const Alone& what);
  Result<AloneState> look_at_value(const Alone& what);
  Result<AloneState> look_at_part(std::string_view query, const std::vector<std::string>& names);
  Result<std::string> shape_of_copy(const Alone& what);

  Session& session_;
};

}  // namespace reconcile::postgres
