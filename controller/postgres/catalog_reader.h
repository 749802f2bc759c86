#pragma once

#include <future>

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// Reads the catalog with a constant number of set-based queries, all from one snapshot of it.
class CatalogReader : public StateReader {
 public:
  explicit CatalogReader(Session& session) : session_(session) {}
  Result<LiveState> read(const Seen& known) override;
  void read_ahead(const Seen& known) override;
  Result<LiveState> read_again() override;
  Result<LiveState> read_schema() override;
  Result<Seen> look(const Seen& known) override;
  Result<std::string> moment() override;
  Result<CatalogFacts> facts(const MentionedNames& mentioned) override;
  Result<std::vector<std::int64_t>> count(std::span<const std::string> queries) override;

 private:
  template <class Reading>
  Result<LiveState> in_scope(Reading reading);
  Result<void> read_managed(LiveState& live);
  Result<void> read_tables(LiveState& live, std::string_view settings,
                           std::string_view foreign_keys);
  Result<Seen> look(const Seen& known, bool directus);

  Result<LiveState> read_now(const Seen& known);

  Session& session_;
  std::future<Result<LiveState>> ahead_;
};

}  // namespace reconcile::postgres
