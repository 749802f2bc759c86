#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reconcilers/pass/probes.h"
#include "reconcilers/pass/stages.h"

// What happens beside the database: the Directus servers that work on it.

namespace reconcile {
namespace {

constexpr int most_tries = 3;
// Between tries; and when no further one is begun, whatever is left.
constexpr std::chrono::milliseconds first_wait{500};
constexpr std::chrono::seconds patience{20};

std::string short_commit(const std::string& commit) { return commit.substr(0, 10); }

/// An instance that has to be told, and how the last try went.
struct Task {
  std::string name;
  const StaleInstance* since = nullptr;  ///< where an earlier pass could not do it
  std::optional<Error> error = {};
};

Result<void> tell(Instances& instances, const std::string& name, std::span<const Probe> probes) {
  if (auto cleared = instances.clear_caches(name); !cleared) return cleared;
  // An answer that was under way during the clearing can put the old schema back.
  for (const Probe& probe : probes) {
    if (auto right = instances.check(name, probe); !right) return right;
  }
  return {};
}

}  // namespace

/// Tells the instances what this pass has changed, and what earlier ones could not tell them. The
/// revision is live whatever comes of it, so a failure is a warning, and the ledger remembers it.
void Pass::tell_instances() {
  if (std::holds_alternative<Failed>(report_.outcome) || !connection_) return;
  if (options_.mode != Mode::Auto || ports_.instances == nullptr) return warn_of_stale_instances();
  if (const auto* held = std::get_if<Held>(&report_.outcome);
      held != nullptr && held->holds.front().code == ReasonCode::LeaseHeld)
    return;
  const bool applied = std::holds_alternative<Applied>(report_.outcome);
  std::vector<Task> tasks;
  for (const std::string& name : ports_.instances->names()) {
    const auto stale = std::ranges::find(ledger_.stale, name, &StaleInstance::name);
    const bool waits = stale != ledger_.stale.end();
    if (applied || waits) tasks.push_back({name, waits ? &*stale : nullptr});
  }
  if (tasks.empty()) return;
  ports_.progress.entered("tell the Directus instances");

  std::vector<Probe> questions;
  if (applied && desired_.model) questions = probes(report_.plan.steps, *desired_.model);
  const auto deadline = ports_.clock.now() + patience;
  for (int tries = 1;; ++tries) {
    bool again = false;
    for (Task& task : tasks) {
      const bool late = ports_.clock.now() >= deadline;
      const bool retried = task.error && task.error->kind == ErrorKind::Transient && !late;
      if (tries > 1 && !retried) continue;
      const auto done = tell(*ports_.instances, task.name, questions);
      task.error = done ? std::nullopt : std::optional<Error>(done.error());
      again = again || (task.error && task.error->kind == ErrorKind::Transient);
    }
    if (!again || tries == most_tries || ports_.clock.now() >= deadline) break;
    ports_.clock.sleep(first_wait * (1 << (tries - 1)));
  }
  for (const Task& task : tasks) {
    const std::string since = task.since == nullptr ? "" : task.since->revision;
    if (task.error) {
      not_told(task.name, since, *task.error);
    } else {
      told(task.name, since);
    }
  }
}

void Pass::told(const std::string& instance, const std::string& since) {
  connection_->ledger().record_told(instance);
  report_.notes.push_back(
      since.empty()
          ? fmt::format("{} has forgotten the old schema and serves the new one", instance)
          : fmt::format("{} has been told now, and had not known of {}", instance,
                        short_commit(since)));
}

void Pass::not_told(const std::string& instance, const std::string& since, const Error& error) {
  const std::string why = describe(error);
  connection_->ledger().record_not_told(instance, why);
  report_.warnings.push_back(fmt::format(
      "{}; until then it may work with the schema from before {}. Each pass tries again; {}", why,
      short_commit(since.empty() ? report_.revision.commit : since), error.next));
}

/// Who only looks, or has nobody to tell, says at least what is left to do.
void Pass::warn_of_stale_instances() {
  for (const StaleInstance& stale : ledger_.stale) {
    report_.warnings.push_back(
        fmt::format("{} may work with the schema from before {}, since {}: {}; a pass of --once "
                    "with its address tries again",
                    stale.name, short_commit(stale.revision), stale.since,
                    stale.error.empty() ? "nobody has told it" : stale.error));
  }
}

/// Installs Directus where the snapshot needs it and the database does not have it. `live` is the
/// database then.
Pass::Ended Pass::bootstrap(LiveState& live) {
  ports_.progress.entered("install Directus");
  const std::string command = ports_.installer->command();
  if (auto done = ports_.installer->install(); !done) return failed(Stage::Bootstrap, done.error());
  auto now = connection_->reader().read(ledger_.seen);
  if (!now) return failed(Stage::Read, now.error());
  if (!now->directus) {
    return failed(Stage::Bootstrap,
                  {.where = command,
                   .what = "ended well, and Directus is still not installed in this database",
                   .why = "",
                   .next = "look whether its DB_HOST, DB_PORT and DB_DATABASE lead to this one"});
  }
  live = std::move(*now);
  report_.notes.push_back(fmt::format("Directus was not installed here, so `{}` was run", command));
  return {};
}

/// What a dry run can tell of a database that does not have Directus yet.
Plan Pass::plan_bootstrap() const {
  Plan plan;
  Step install;
  install.stage = Stage::Bootstrap;
  install.action = Action::Run;
  install.object = {"command", ports_.installer->command()};
  install.group = "Directus";
  install.detail = "Directus is not installed in this database";
  install.reason = desired_.path + " needs it";
  install.owner = {"directus.bootstrap", 0};
  plan.steps.push_back(std::move(install));
  plan.notes.push_back(fmt::format(
      "{} can only be planned once Directus is installed; --once does both", desired_.path));
  return plan;
}

}  // namespace reconcile
