#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/git_transport.h"
#include "tests/support/http_server.h"
#include "tests/support/http_talk.h"
#include "tests/support/pass_fixture.h"

namespace reconcile::test {

/// The controller as a team runs it: git behind a server, the databases app, stage and prod, a
/// webhook at each push, servers that hear alerts and commit statuses, and mia, who may approve, at
/// the API and the dashboard.
class Team {
 public:
  /// With `notes` and its `title` live in all of them. `directus` is the section of the target app.
  Team(Transport transport, TestDatabase& app, const std::string& directus = "");

  /// Ends the controller as an operator does.
  Ran end();

  static constexpr const char* kToken = "the-token-of-mia";

  /// Commits, pushes, and says so as a git server does. Returns the commit.
  std::string push(const std::string& snapshot, const std::string& message);

  void eventually(const std::string& what, const std::function<bool()>& holds) const;
  std::string headline(const std::string& target) const;
  /// What the API says to mia; empty where it answers anything but 200.
  boost::json::object get(const std::string& path) const;
  int post(const std::string& path, const boost::json::object& body) const;
  /// What anybody may send.
  Answer ask(const std::string& line, const std::string& headers = "",
             const std::string& body = "") const;
  /// Whether somebody was told something of which all these words are a part.
  bool told(const std::string& path, const std::vector<std::string>& words) const;

  TestDatabase& app;
  TestDatabase stage;
  TestDatabase prod;

 private:
  std::string folder() const { return checkout_.state.path().string(); }
  void write(const std::string& name, const std::string& text) const;
  void write_configuration(const std::string& directus) const;

  Checkout checkout_;
  std::unique_ptr<GitTransport> git_;
  HttpServer people_{[](const HttpAsked&) { return HttpAnswer::status(201); }};
  const std::uint16_t port_ = free_port();
  std::unique_ptr<Program> controller_;
};

/// Whether the table `notes` has it.
bool has_column(const TestDatabase& database, const std::string& name);

}  // namespace reconcile::test
