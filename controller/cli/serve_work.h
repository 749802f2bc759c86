#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "controller/cli/options.h"
#include "controller/cli/wiring.h"
#include "controller/loop/work.h"
#include "reconcilers/ports/source.h"
#include "reconcilers/status/standing.h"

namespace reconcile::cli {

/// What the loop does, with the real git and the real databases. Safe from several threads.
class ServeWork : public loop::Work {
 public:
  /// `embedded` is the server of targets whose database is `embedded`; null where none is.
  ServeWork(Invocation invocation, std::string replica,
            std::shared_ptr<postgres::EmbeddedServer> embedded);
  /// Knows the databases of fleets that the one before it has found, until they are looked up.
  void go_on_from(const ServeWork& before);

  PassReport make_pass(const std::string& target, const loop::PassOrder& order) override;
  Result<std::string> poll(const std::string& repository) override;
  Result<std::unique_ptr<Leadership>> open_home(const std::string& home) override;

  Result<std::vector<loop::LoopTarget>> discover(const std::string& fleet) override;

  /// As the configuration has it, or as a fleet was looked up.
  std::optional<config::Target> find(std::string_view target) const;
  /// How libpq gets to it.
  std::string conninfo_of(const config::Target& target) const;
  std::vector<loop::LoopTarget> loop_targets() const;
  /// A pass beside the loop's, for a person.
  PassReport make_pass_for(const config::Target& target, const std::string& actor,
                           const std::function<void(PassOptions&)>& adjust);
  Result<std::unique_ptr<Connection>> connect(const config::Target& target,
                                              const std::string& actor) const;
  /// The newest commits of what it follows.
  Result<std::vector<Revision>> commits(const config::Target& target, std::size_t limit);
  /// Adds what git says of them.
  Result<std::vector<ObjectRecord>> with_commits(std::vector<ObjectRecord> records);
  /// All replicas look at it again.
  Result<void> look_again(const config::Target& target) const;
  /// The same for all targets.
  Result<void> look_again() const;
  std::vector<loop::LoopFleet> loop_fleets() const;

 private:
  loop::LoopTarget loop_target(const config::Target& target) const;
  std::string home_of(const config::Target& target) const;
  bool is_news(const PassReport& report);
  /// A source that nobody else uses now; opening one costs more than a pass with nothing to do.
  Result<std::unique_ptr<Source>> take_source();
  void put_back(std::unique_ptr<Source> source);

  Invocation invocation_;
  std::string replica_;
  std::shared_ptr<postgres::EmbeddedServer> embedded_;
  /// A target that was looked up: whose it is, and its database.
  struct Found {
    const config::Fleet* fleet;
    std::string database;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Found, std::less<>> found_;
  std::vector<std::unique_ptr<Source>> sources_;
  /// Of targets that went wrong in their last pass: at which commit, and how.
  std::map<std::string, std::pair<std::string, Headline>> wrong_;
};

}  // namespace reconcile::cli
