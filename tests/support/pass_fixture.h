#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/support/git_repo.h"
#include "tests/support/program.h"
#include "tests/support/snapshot_text.h"
#include "tests/support/test_database.h"

namespace reconcile::test {

inline constexpr const char* kSnapshot = "snapshots/schema.yaml";

/// Names the tests of a table after its cases.
inline constexpr auto case_name = [](const auto& test) { return test.param.name; };

/// A repository and the folder where the program keeps its mirror.
struct Checkout {
  GitRepo repo;
  TempFolder state;

  /// The command line for `database`, with what every call needs; `command` comes first.
  std::vector<std::string> line(const std::string& database,
                                std::vector<std::string> command) const {
    std::vector<std::string> words = {RECONCILE_PROGRAM};
    words.insert(words.end(), command.begin(), command.end());
    words.insert(words.end(),
                 {"--repo", repo.path(), "--state", state.path(), "--database", database});
    return words;
  }

  /// Runs the program to its end.
  Ran run(const std::string& database, std::vector<std::string> command,
          const std::vector<std::string>& environment = {}) const {
    return run_program(line(database, std::move(command)), environment, state.path());
  }
};

/// A repository and a database with the Directus system tables: what most tests need.
class PassTest : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Ran run(Words command, const Words& environment = {}) const {
    return checkout.run(database.conninfo(), std::move(command), environment);
  }
  Ran once(const Words& more = {}) const {
    Words command = {"--once"};
    command.insert(command.end(), more.begin(), more.end());
    return run(std::move(command));
  }
  /// `reconcile --once --output json`, parsed.
  boost::json::object once_json() const {
    return boost::json::parse(once({"--output", "json"}).out).as_object();
  }
  /// Commits `files` and applies them, which has to succeed.
  std::string apply(const std::string& file, std::string_view text,
                    const std::string& message = "State") {
    const std::string commit = repo.commit(file, text, message);
    const Ran ran = once();
    EXPECT_EQ(ran.exit_code, 0) << ran;
    return commit;
  }
  std::string ledger() const {
    return database.value(
        "select count(*) || '/' || coalesce(sum(times), 0) from reconcile.revision");
  }
  std::string count(const std::string& table) const {
    return database.value("select count(*) from " + table);
  }

  Checkout checkout;
  GitRepo& repo = checkout.repo;
  TestDatabase database;
};

}  // namespace reconcile::test
