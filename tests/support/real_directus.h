#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/git_repo.h"
#include "tests/support/http_talk.h"
#include "tests/support/program.h"
#include "tests/support/test_database.h"

namespace reconcile::test {

/// The real Directus 11.6.1, on loopback, on a database that it has installed itself in. Where it
/// is on this machine: DIRECTUS_FOLDER, or the user's cache; see tests/conformance.
class RealDirectus {
 public:
  /// Why it cannot run here; empty where it can.
  static std::string missing();

  /// Ready to answer. `database` is empty before.
  explicit RealDirectus(const TestDatabase& database);

  /// What stands behind `directus:` in a target's configuration, in YAML's flow style.
  std::string section() const;
  /// As its admin. The path begins with a slash; a body is JSON.
  Answer get(const std::string& path) const;
  Answer post(const std::string& path, const std::string& body) const;

 private:
  std::uint16_t port_;
  TempFolder folder_;  // empty: a .env file where it starts would count
  std::unique_ptr<Program> program_;
};

}  // namespace reconcile::test
