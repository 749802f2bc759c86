#include "reconcilers/policy/rollout.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::policy {
namespace {

constexpr std::size_t named = 3;

std::size_t size_of(const WaveSize& wave, std::size_t fleet) {
  return std::min(fleet, wave.count > 0 ? wave.count : (fleet * wave.percent + 99) / 100);
}

/// How many members each wave reaches, canaries first, the whole fleet last.
std::vector<std::size_t> reaches(const Rollout& rollout, std::size_t canaries, std::size_t fleet) {
  std::vector<std::size_t> ends;
  if (canaries > 0) ends.push_back(canaries);
  for (const WaveSize& wave : rollout.waves)
    ends.push_back(std::max(canaries, size_of(wave, fleet)));
  ends.push_back(fleet);
  std::ranges::sort(ends);
  return ends;
}

std::string names_of(std::span<const FleetMember> members, bool FleetMember::*what) {
  std::string text;
  std::size_t count = 0;
  for (const FleetMember& member : members) {
    if (!(member.*what)) continue;
    if (++count <= named) text += (text.empty() ? "" : ", ") + member.name;
  }
  if (count > named) text += fmt::format(" and {} more", count - named);
  return text;
}

}  // namespace

Clearance clear(const Rollout& rollout, std::span<const FleetMember> fleet) {
  std::vector<FleetMember> members(fleet.begin(), fleet.end());
  const auto is_canary = [&](const FleetMember& member) {
    return std::ranges::find(rollout.canaries, member.name) != rollout.canaries.end();
  };
  std::ranges::sort(members, {}, [&](const FleetMember& member) {
    return std::pair(!is_canary(member), member.name);
  });
  const auto canaries = static_cast<std::size_t>(std::ranges::count_if(members, is_canary));
  const auto failures =
      static_cast<std::size_t>(std::ranges::count(members, true, &FleetMember::failed));
  const bool stopped = failures > rollout.failure_budget;

  std::size_t open = 0;
  for (const std::size_t end : reaches(rollout, canaries, members.size())) {
    open = end;
    const std::span wave(members.data(), end);
    // What has failed within the budget is not waited for.
    const bool done = std::ranges::all_of(
        wave, [](const FleetMember& member) { return member.there || member.failed; });
    if (!done) break;
  }
  Clearance clearance;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const FleetMember& member = members[i];
    if (member.there || (i < open && (!stopped || member.failed)))
      clearance.cleared.insert(member.name);
  }
  if (clearance.cleared.size() == members.size()) return clearance;
  if (stopped) {
    clearance.waits_for =
        fmt::format("the rollout has stopped: {} failed, and {} may ({})", failures,
                    rollout.failure_budget, names_of(members, &FleetMember::failed));
    clearance.way_out = "look at them; a newer commit, or their mending, lets it go on";
  } else {
    const auto there =
        std::ranges::count(std::span(members.data(), open), true, &FleetMember::there);
    clearance.waits_for = fmt::format("the wave before it is not through: {} of {}", there, open);
    clearance.way_out = "nobody has to do anything: its turn comes";
  }
  return clearance;
}

}  // namespace reconcile::policy
