#include <unistd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <thread>

#include "controller/cli/commands.h"
#include "controller/cli/render.h"
#include "controller/cli/wiring.h"
#include "reconcilers/status/standing.h"

namespace reconcile::cli {
namespace {

constexpr std::chrono::seconds between_looks{2};

PassReport look_at(const Invocation& invocation, const config::Target& target) {
  return pass_over(invocation, target, mode_of(target) == Mode::Skip ? Mode::Skip : Mode::DryRun);
}

/// Databases are looked at as often as it is asked to, and git no more often than the controller
/// would ask it: for all targets at once, each `poll`.
class Looks {
 public:
  explicit Looks(const Invocation& invocation) : invocation_(invocation) {
    invocation_.offline = true;
  }

  std::vector<PassReport> look() {
    fetch_where_due();
    std::vector<PassReport> reports;
    for (const config::Target& target : invocation_.targets) {
      const bool needs_git = mode_of(target) != Mode::Skip;
      reports.push_back(needs_git && !fetched_
                            ? ended_early(target.name, Stage::Fetch, fetched_.error())
                            : look_at(invocation_, target));
    }
    return reports;
  }

 private:
  void fetch_where_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now < due_) return;
    due_ = now + invocation_.service.poll;
    fetched_ = git::update_mirror(git_options(invocation_));
  }

  Invocation invocation_;
  std::chrono::steady_clock::time_point due_{};
  Result<void> fetched_;
};

/// In a log: what has changed since the last look.
class Changes {
 public:
  std::string since(const std::vector<PassReport>& reports) {
    std::string text;
    for (const PassReport& report : reports) {
      const std::string now = sentence(standing_of(report));
      std::string& before = known_[report.target];
      if (now == before) continue;
      before = now;
      text += one_line(report.target) + ": " + one_line(now) + "\n";
    }
    return text;
  }

 private:
  std::map<std::string, std::string> known_;
};

/// Until a signal ends it: it changes nothing that would have to be put back.
[[noreturn]] void watch(const Invocation& invocation) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  Looks looks(invocation);
  Changes changes;
  for (;;) {
    const std::vector<PassReport> reports = looks.look();
    if (terminal) {
      constexpr const char* from_the_top = "\x1b[H\x1b[J";
      std::cout << from_the_top << render_status(reports, look_of(1)) << std::flush;
    } else {
      std::cout << changes.since(reports) << std::flush;
    }
    std::this_thread::sleep_for(between_looks);
  }
}

/// Failures are named on stderr, as the contract says; a terminal that shows both has them in the
/// table already.
std::string for_stderr(const PassReport& report) {
  const bool failed = std::holds_alternative<Failed>(report.outcome);
  const bool seen = ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  return failed && !seen ? render_messages(report, look_of(2)) : render_notes(report, look_of(2));
}

}  // namespace

/// Status looks; it judges nothing, so whatever it finds it exits 0, unless it could not look.
int status(const Invocation& invocation) {
  if (invocation.watch) watch(invocation);
  int code = 0;
  std::vector<PassReport> reports;
  for (const config::Target& target : invocation.targets)
    reports.push_back(look_at(invocation, target));
  for (const PassReport& report : reports) {
    if (std::holds_alternative<Failed>(report.outcome))
      code = most_urgent(code, exit_code(report.outcome));
    if (invocation.json) std::cout << render_json(report);
  }
  if (!invocation.json) std::cout << render_status(reports, look_of(1));
  std::cout.flush();
  for (const PassReport& report : reports) std::cerr << for_stderr(report);
  return code;
}

}  // namespace reconcile::cli
