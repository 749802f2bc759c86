#include <algorithm>

#include "controller/loop/loop.h"

namespace reconcile::loop {
namespace {

using namespace std::chrono_literals;

/// How many polls in a row may fail before nobody can say any more that all is well, and how long
/// that may take at most.
constexpr int patience = 3;
constexpr std::chrono::milliseconds longest_patience = 2min;

}  // namespace

/// Where git has been away for so long that everybody who depends on it has to hear of it.
std::optional<Standing> Loop::long_away(const std::string& repository) const {
  const auto absence = absences_.find(repository);
  if (absence == absences_.end()) return std::nullopt;
  const auto grace = std::min(patience * setup_->polls.interval, longest_patience);
  if (options_.now() - absence->second.begun < grace) return std::nullopt;
  return git_is_away(absence->second.error, absence->second.since);
}

TargetStatus Loop::as_git_allows(TargetStatus after, const TargetStatus& before) const {
  const auto target = targets_.find(after.target);
  if (target == targets_.end() || !absences_.contains(target->second.repository)) return after;
  return without_git(std::move(after), before, long_away(target->second.repository),
                     options_.wall());
}

/// Passes go on with what was fetched last, so that drift is seen meanwhile. Once git answers
/// again, they say anew how their targets are.
void Loop::note_answer(const std::string& repository, const Result<std::string>& result, Time now) {
  const bool was_away = long_away(repository).has_value();
  if (result) {
    absences_.erase(repository);
  } else {
    absences_.try_emplace(repository, Absence{now, options_.wall(), result.error()});
  }
  const std::optional<Standing> away = long_away(repository);
  std::string first;
  for (const auto& [name, target] : targets_) {
    if (target.repository != repository) continue;
    if (first.empty()) first = name;
    if (was_away && !away) passes_.hurry(name, now);
    const auto before = away ? board_.find(name) : std::nullopt;
    if (!before) continue;
    const TargetStatus after = as_git_allows(*before, *before);
    if (after.standing == before->standing) continue;
    board_.put(after);
    audience_.changed(after);
  }
  if (first.empty()) return;
  audience_.answered(repository, first, away, away ? absences_.at(repository).since : WallTime{});
}

}  // namespace reconcile::loop
