#pragma once

#include "controller/postgres/session.h"
#include "reconcilers/ports/database.h"

namespace reconcile::postgres {

/// The tables reconcile.inventory and reconcile.inventory_change. What is compared is compared by
/// the server: only differences come over the wire.
class InventoryStore : public Inventory {
 public:
  explicit InventoryStore(Session& session) : session_(session) {}

  Result<std::vector<Difference>> differences() override;
  Result<std::vector<ObjectRecord>> find(std::string_view name) override;
  Result<std::string> note(Trust trust, std::span<const std::string> doubted) override;
  Result<std::string> attribute(const Origin& origin,
                                std::span<const std::string> claimed) override;

 private:
  Result<bool> installed();
  Result<bool> directus();
  Result<std::string> look(std::string_view text, const std::vector<std::string>& parameters);

  Session& session_;
};

}  // namespace reconcile::postgres
