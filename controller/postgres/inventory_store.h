#pragma once

#include <future>

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
  Result<std::vector<Difference>> states(std::span<const std::string> objects) override;
  Result<Seen> note(Trust trust, std::span<const std::string> doubted) override;
  Result<Seen> adopt(const Origin& origin, std::span<const ObjectIdentity> objects) override;
  Result<Seen> attribute_these(const Origin& origin, std::span<const ObjectIdentity> objects,
                               const std::string& about) override;
  void attribute_ahead(const Origin& origin, std::span<const std::string> claimed) override;
  Result<Seen> attributed() override { return ahead_.get(); }

 private:
  Result<bool> installed();
  Result<bool> directus();
  Result<std::string> reading(std::string_view text);
  Result<Seen> look(std::string_view text, const std::vector<std::string>& parameters);

  Session& session_;
  std::future<Result<Seen>> ahead_;
};

}  // namespace reconcile::postgres
