#include "reconcilers/pass/pass.h"

#include <algorithm>
#include <array>

#include "reconcilers/pass/stages.h"

namespace reconcile {
namespace {

/// Enough to find one beside what only says that nothing is to be applied.
constexpr std::size_t newest_attempts = 10;

/// The stages that a look never comes to.
constexpr std::array applying{Stage::Bootstrap, Stage::Pre,    Stage::Snapshot, Stage::Post,
                              Stage::Seed,      Stage::Verify, Stage::Commit};

}  // namespace

Outcome failed(Stage stage, Error error) {
  error.stage = stage;
  return Failed{stage, std::move(error)};
}

Outcome held(Hold hold) { return Held{{std::move(hold)}}; }

Pass::Pass(const PassOptions& options, PassPorts ports)
    : options_(options), ports_(ports), started_(ports.clock.now()) {
  report_.target = options.target;
}

PassReport Pass::run() {
  struct Entry {
    std::string_view name;
    Ended (Pass::*enter)();
  };
  constexpr std::array<Entry, 14> stages{{{"fetch the revision", &Pass::fetch},
                                          {"connect", &Pass::connect},
                                          {"take the lease", &Pass::acquire_lease},
                                          {"read the ledger", &Pass::read_ledger},
                                          {"prove continuity", &Pass::prove_continuity},
                                          {"prove who signed it", &Pass::prove_signature},
                                          {"recognise what is applied", &Pass::recognise},
                                          {"look at the database", &Pass::look_ahead},
                                          {"read its files", &Pass::read_files},
                                          {"read the snapshot", &Pass::read_snapshot},
                                          {"read the one applied last", &Pass::read_base},
                                          {"plan", &Pass::plan},
                                          {"decide", &Pass::decide},
                                          {"act", &Pass::act}}};
  for (const Entry& stage : stages) {
    ports_.progress.entered(stage.name);
    if (auto ended = (this->*stage.enter)()) {
      report_.outcome = std::move(*ended);
      break;
    }
  }
  if (reads_ahead_) static_cast<void>(connection_->reader().read(ledger_.seen));
  tell_instances();
  tell_progress();
  keep_watch();
  name_culprits();
  report_.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(ports_.clock.now() - started_);
  settle();
  tell_failure();
  tell_stays();
  if (options_.mode == Mode::DryRun) report_.differences = std::move(differences_);
  return std::move(report_);
}

/// Where they cannot be read, those of before count: nothing comes to anybody because of it.
void Pass::tell_stays() {
  if (!options_.tells_stays || !connection_) return;
  if (auto stays = connection_->ledger().stays())
    report_.stays = std::make_shared<const std::vector<Stay>>(std::move(*stays));
}

/// A plan does not say that it breaks when it is applied: who has tried knows. What broke before
/// anything was applied says nothing here, where the look went well.
void Pass::tell_failure() {
  if (!options_.tells_failure || !std::holds_alternative<Pending>(report_.outcome)) return;
  auto attempts = connection_->ledger().history(newest_attempts);
  if (!attempts) return;
  const auto newest = std::ranges::find_if(*attempts, [](const Attempt& attempt) {
    return attempt.outcome != "suspended" && attempt.outcome != "resumed";
  });
  if (newest == attempts->end() || newest->outcome != "failed" ||
      newest->commit != report_.revision.commit)
    return;
  const auto stage =
      std::ranges::find_if(applying, [&](Stage one) { return newest->reason == name_of(one); });
  if (stage == applying.end()) return;
  report_.outcome = failed(
      *stage, {.kind = ErrorKind::Terminal,
               .where = "",
               .what = newest->error,
               .why = "",
               .next = "mend it with a newer commit; until then it is tried again by itself"});
}

/// Writes down what changed nothing, where that is worth a line: applied revisions are in the
/// ledger already.
void Pass::settle() {
  if (options_.mode != Mode::Auto) return;
  const auto* waiting = std::get_if<Held>(&report_.outcome);
  const auto* failure = std::get_if<Failed>(&report_.outcome);
  if (waiting == nullptr && failure == nullptr) return;
  // Whose turn has not come has done nothing that anybody wants to read of later.
  if (waiting != nullptr && (waiting->holds.front().code == ReasonCode::LeaseHeld ||
                             waiting->holds.front().code == ReasonCode::WaitingForTarget))
    return;
  if (failure != nullptr && failure->error.kind == ErrorKind::Transient) {
    // The connection may be the very thing that failed.
    auto again = ports_.connector.connect();
    if (!again) return;
    connection_ = std::move(*again);
  }
  if (!connection_) return;
  if (waiting != nullptr) {
    const Hold& hold = waiting->holds.front();
    connection_->ledger().record_attempt(report_, "held", name_of(hold.code), hold.message);
  } else {
    connection_->ledger().record_attempt(report_, "failed", name_of(failure->stage),
                                         describe(failure->error));
  }
}

PassReport run_pass(const PassOptions& options, PassPorts ports) {
  if (options.mode != Mode::Skip) return Pass(options, ports).run();
  PassReport report;
  report.target = options.target;
  report.outcome = Skipped{};
  return report;
}

}  // namespace reconcile
