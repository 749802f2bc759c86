#include "controller/loop/gates.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::loop {
namespace {

/// What only waits for its turn has not failed.
bool is_a_failure(const Standing& standing) {
  return standing.headline <= Headline::Held &&
         !(standing.headline == Headline::Unknown && standing.reason.empty());
}

bool same(const Stays& left, const Stays& right) {
  return left == right || (left && right && *left == *right);
}

}  // namespace

void Gates::arrange(const std::map<std::string, LoopTarget>& targets,
                    const std::vector<LoopFleet>& fleets) {
  std::erase_if(places_, [&](const auto& place) { return !targets.contains(place.first); });
  followed_.clear();
  waited_for_.clear();
  for (const auto& [name, target] : targets) {
    places_[name].fleet = target.fleet;
    followed_.insert(target.follows.name);
    waited_for_.insert(target.depends_on.begin(), target.depends_on.end());
  }
  rollouts_.clear();
  for (const LoopFleet& fleet : fleets) rollouts_.emplace(fleet.name, fleet.rollout);
  clearances_.clear();
}

bool Gates::saw(const TargetStatus& status) {
  const auto found = places_.find(status.target);
  if (found == places_.end()) return false;
  Place& place = found->second;
  const bool failed = is_a_failure(status.standing);
  const std::string wrong = policy::is_wrong_to_follow(status.standing)
                                ? std::string(word_of(status.standing.headline))
                                : std::string();
  Place now{place.fleet, failed ? std::string() : status.database,
            failed ? status.git.commit : std::string(), wrong, status.stays};
  if (now.at == place.at && now.failed == place.failed && now.wrong == place.wrong &&
      same(now.stays, place.stays))
    return false;
  place = std::move(now);
  std::erase_if(clearances_, [&](const auto& known) { return known.first.first == place.fleet; });
  return true;
}

Turn Gates::turn(const LoopTarget& target, const std::string& newest, const std::string& has,
                 WallTime now) {
  Turn turn{.revision = newest, .gates = {}};
  if (!target.follows.name.empty()) {
    policy::Promotion promoted = promotion(target.follows, newest, now);
    turn.next = promoted.next;
    if (!promoted.commit.empty() && promoted.commit != has) {
      turn.revision = std::move(promoted.commit);
      turn.promoted = true;
    } else if (promoted.waits) {
      turn.gates.push_back(std::move(*promoted.waits));
    }
  }
  if (auto behind = behind_others(target, turn.revision)) turn.gates.push_back(std::move(*behind));
  if (auto early = before_its_wave(target, turn.revision)) turn.gates.push_back(std::move(*early));
  return turn;
}

bool Gates::is_followed(const LoopTarget& target) const {
  return followed_.contains(target.name) ||
         (!target.fleet.empty() && followed_.contains(target.fleet));
}

bool Gates::is_waited_for(const LoopTarget& target) const {
  if (is_followed(target) || waited_for_.contains(target.name)) return true;
  if (target.fleet.empty()) return false;
  const auto rollout = rollouts_.find(target.fleet);
  return waited_for_.contains(target.fleet) ||
         (rollout != rollouts_.end() && rollout->second.in_waves());
}

policy::Promotion Gates::promotion(const policy::Following& following, const std::string& newest,
                                   WallTime now) const {
  std::vector<policy::Followed> followed;
  for (const auto& [name, place] : places_) {
    if (name != following.name && place.fleet != following.name) continue;
    followed.push_back(
        {name, place.wrong,
         place.stays ? std::span<const Stay>(*place.stays) : std::span<const Stay>()});
  }
  return policy::promote(following, followed, newest, now);
}

/// A target, or all of a fleet.
bool Gates::is_there(std::string_view name, const std::string& candidate) const {
  const auto has_it = [&](const Place& place) { return place.at == candidate; };
  if (const auto place = places_.find(name); place != places_.end()) return has_it(place->second);
  bool any = false;
  for (const auto& [member, place] : places_) {
    if (place.fleet != name) continue;
    if (!has_it(place)) return false;
    any = true;
  }
  return any;
}

std::optional<Hold> Gates::behind_others(const LoopTarget& target,
                                         const std::string& candidate) const {
  for (const std::string& first : target.depends_on) {
    if (is_there(first, candidate)) continue;
    return Hold{ReasonCode::WaitingForTarget,
                {"target", first},
                fmt::format("{} has to be at {} first", first, candidate.substr(0, 10)),
                fmt::format("nobody has to do anything here: look at {}", first)};
  }
  return std::nullopt;
}

const policy::Clearance& Gates::clearance(const std::string& fleet, const std::string& candidate) {
  const auto known = clearances_.find({fleet, candidate});
  if (known != clearances_.end()) return known->second;
  std::vector<policy::FleetMember> members;
  for (const auto& [name, place] : places_) {
    if (place.fleet == fleet)
      members.push_back({name, place.at == candidate, place.failed == candidate});
  }
  return clearances_
      .emplace(std::pair(fleet, candidate), policy::clear(rollouts_.at(fleet), members))
      .first->second;
}

std::optional<Hold> Gates::before_its_wave(const LoopTarget& target, const std::string& candidate) {
  const auto rollout = rollouts_.find(target.fleet);
  if (rollout == rollouts_.end() || !rollout->second.in_waves()) return std::nullopt;
  const policy::Clearance& now = clearance(target.fleet, candidate);
  if (now.cleared.contains(target.name)) return std::nullopt;
  return Hold{ReasonCode::WaitingForTarget, {"fleet", target.fleet}, now.waits_for, now.way_out};
}

}  // namespace reconcile::loop
