#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// Databases of our own that are gone at the end, with all that is in them: on a server that lives
/// as long as this object, or beside a given database on its server.
class ThrowawayDatabases {
 public:
  static Result<ThrowawayDatabases> on_own_server();
  /// Their names begin with `reconcile_verify_` and are nobody else's. Errors: the role may not
  /// make databases.
  static Result<ThrowawayDatabases> beside(const std::string& conninfo);

  ThrowawayDatabases(ThrowawayDatabases&&) noexcept;
  ThrowawayDatabases& operator=(ThrowawayDatabases&&) = delete;
  ~ThrowawayDatabases();

  /// Makes one, empty or as the one called `like` is, to which nobody may be connected then. The
  /// answer is for libpq. Not thread-safe.
  Result<std::string> make(std::string_view name, std::string_view like = {});
  /// What programs that want host, port and password need to know of the one called `name`.
  struct Address {
    std::string host, port, user, password, database;
  };
  Address address(std::string_view name) const;

  /// From any thread: whatever works in these databases fails from now on.
  void end_all_work() noexcept;

 private:
  struct Impl;
  explicit ThrowawayDatabases(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reconcile::postgres
