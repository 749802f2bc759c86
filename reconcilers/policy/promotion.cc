#include "reconcilers/policy/promotion.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reconcilers/status/wall_time.h"

namespace reconcile::policy {
namespace {

/// A commit that everybody who is followed has or had.
struct Candidate {
  std::string_view commit;
  WallTime since;                 ///< that the last of them has it
  std::optional<WallTime> comes;  ///< nothing where one of them lost it too early
};

/// Newest first.
std::vector<Candidate> candidates_of(std::span<const Stay> stays, std::chrono::milliseconds soak) {
  std::vector<Candidate> candidates;
  std::optional<WallTime> replaced;
  for (const Stay& stay : stays) {
    const WallTime comes = stay.since + soak;
    const bool stayed = !replaced || comes <= *replaced;
    candidates.push_back(
        {stay.commit, stay.since, stayed ? std::optional(comes) : std::optional<WallTime>()});
    if (stay.changed) replaced = stay.since;
    if (stay.rolled_back) break;
  }
  return candidates;
}

/// Those that both have.
std::vector<Candidate> common(const std::vector<Candidate>& left,
                              const std::vector<Candidate>& right) {
  std::vector<Candidate> both;
  for (const Candidate& one : left) {
    const auto other = std::ranges::find(right, one.commit, &Candidate::commit);
    if (other == right.end()) continue;
    Candidate merged{one.commit, std::max(one.since, other->since), {}};
    if (one.comes && other->comes) merged.comes = std::max(*one.comes, *other->comes);
    both.push_back(merged);
  }
  return both;
}

std::string short_of(std::string_view commit) { return std::string(commit.substr(0, 10)); }

std::string length_of(std::chrono::milliseconds time) {
  using namespace std::chrono;
  if (time % 1h == 0h) return fmt::format("{}h", time / 1h);
  if (time % 1min == 0min) return fmt::format("{}min", time / 1min);
  return time % 1s == 0s ? fmt::format("{}s", time / 1s) : fmt::format("{}ms", time.count());
}

Hold waiting(const Following& following, std::string message, std::string next) {
  return {ReasonCode::WaitingForTarget,
          {"target", following.name},
          std::move(message),
          std::move(next)};
}

Hold behind(const Following& following, std::string_view newest, const Candidate* there,
            const Candidate* meanwhile) {
  const std::string way_out = "nobody has to do anything here: it comes by itself";
  if (there != nullptr && there->comes) {
    return waiting(following,
                   fmt::format("{} has {} since {}, and it comes here at {}", following.name,
                               short_of(newest), iso_time(there->since), iso_time(*there->comes)),
                   way_out);
  }
  std::string message =
      following.soak.count() == 0
          ? fmt::format("{} has to be at {} first", following.name, short_of(newest))
          : fmt::format("{} has to be at {} for {} first", following.name, short_of(newest),
                        length_of(following.soak));
  if (meanwhile != nullptr)
    message += fmt::format("; {} comes before it, at {}", short_of(meanwhile->commit),
                           iso_time(*meanwhile->comes));
  return waiting(following, std::move(message),
                 fmt::format("nobody has to do anything here: look at {}", following.name));
}

}  // namespace

bool is_wrong_to_follow(const Standing& standing) {
  // Unknown without a reason is what has not been looked at yet.
  if (standing.headline == Headline::Unknown) return !standing.reason.empty();
  return standing.headline <= Headline::Drifted;
}

Promotion promote(const Following& following, std::span<const Followed> followed,
                  std::string_view newest, WallTime now) {
  const auto unknown = [](const Followed& one) { return one.stays.empty(); };
  const auto wrong =
      std::ranges::find_if(followed, [](const Followed& one) { return !one.wrong.empty(); });
  if (wrong != followed.end()) {
    return {.commit = "",
            .waits = waiting(following,
                             fmt::format("nothing comes from {} now: its state is \"{}\"",
                                         wrong->name, wrong->wrong),
                             fmt::format("reconcile status --target {}", wrong->name)),
            .next = std::nullopt};
  }
  std::vector<Candidate> candidates;
  if (!followed.empty() && std::ranges::none_of(followed, unknown))
    candidates = candidates_of(followed.front().stays, following.soak);
  for (const Followed& one : followed.subspan(std::min<std::size_t>(1, followed.size())))
    candidates = common(candidates, candidates_of(one.stays, following.soak));

  Promotion promotion;
  const Candidate* meanwhile = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!candidate.comes) continue;
    if (*candidate.comes <= now) {
      promotion.commit = candidate.commit;
      break;
    }
    meanwhile = &candidate;
    promotion.next = std::min(promotion.next.value_or(*candidate.comes), *candidate.comes);
  }
  if (promotion.commit == newest && !newest.empty()) return promotion;
  const auto there = std::ranges::find(candidates, newest, &Candidate::commit);
  promotion.waits =
      behind(following, newest, there == candidates.end() ? nullptr : &*there, meanwhile);
  return promotion;
}

}  // namespace reconcile::policy
