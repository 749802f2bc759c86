#include "reconcilers/policy/continuity.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::policy {
namespace {

constexpr const char* complete_clone =
    "use a complete clone (git fetch --unshallow) of the repository this database was reconciled "
    "from";

}  // namespace

std::optional<Hold> continuity(Ancestry ancestry, const std::string& base,
                               const Revision& candidate) {
  const ObjectIdentity object{"revision", candidate.short_commit()};
  const std::string before = base.substr(0, 10);
  switch (ancestry) {
    case Ancestry::Same:
    case Ancestry::Descendant:
      return std::nullopt;
    case Ancestry::Older:
      return Hold{ReasonCode::StaleRevision, object,
                  fmt::format("{} is older than {}, which this database already has; applying it "
                              "would undo newer work",
                              candidate.short_commit(), before),
                  "push a commit on top of the applied one; to go back on purpose, revert in git, "
                  "or see `reconcile rollback`"};
    case Ancestry::Diverged:
      return Hold{
          ReasonCode::DivergedRevision, object,
          fmt::format("{} does not build on {}, which this database has: the branch was forced, or "
                      "it is another branch",
                      candidate.short_commit(), before),
          fmt::format("merge {} into the branch, so that its newest commit builds on it", before)};
    case Ancestry::Unproven:
      break;
  }
  return Hold{ReasonCode::UnprovenRevision, object,
              fmt::format("whether {} builds on {} cannot be proven: the repository does not have "
                          "that commit, or its history is cut off",
                          candidate.short_commit(), before),
              complete_clone};
}

std::optional<Hold> after_rollback(Ancestry ancestry, const Rollback& rollback,
                                   const Revision& candidate) {
  if (ancestry == Ancestry::Descendant) return std::nullopt;
  const ObjectIdentity object{"revision", candidate.short_commit()};
  const std::string from = rollback.from.substr(0, 10);
  const std::string event = fmt::format("this database was rolled back from {} to {} by {}", from,
                                        rollback.to.substr(0, 10), rollback.by);
  const std::string newer = fmt::format(
      "push a commit on top of {}, a fix or a revert; `reconcile rollback --to {} --yes` takes the "
      "rollback back",
      from, from);
  const std::string merge =
      fmt::format("`git merge --strategy=ours {}` on the branch says that it takes the place of {}",
                  from, from);
  switch (ancestry) {
    case Ancestry::Diverged:
      return Hold{
          ReasonCode::DivergedRevision, object,
          fmt::format("{}, and {} does not build on {}", event, candidate.short_commit(), from),
          merge};
    case Ancestry::Unproven:
      return Hold{ReasonCode::UnprovenRevision, object,
                  fmt::format("{}, which this repository does not have, so that {} cannot be "
                              "proven to be newer",
                              event, candidate.short_commit()),
                  fmt::format("push {} again, as a tag for example; then {}", from, merge)};
    default:
      break;
  }
  return Hold{ReasonCode::StaleRevision, object,
              fmt::format("{}; {} would undo that", event, candidate.short_commit()), newer};
}

std::optional<Hold> rollback_target(Ancestry ancestry, const std::string& newest,
                                    const Revision& candidate) {
  const ObjectIdentity object{"revision", candidate.short_commit()};
  const std::string shown = newest.substr(0, 10);
  switch (ancestry) {
    case Ancestry::Same:
    case Ancestry::Older:
      return std::nullopt;
    case Ancestry::Descendant:
      return Hold{ReasonCode::DivergedRevision, object,
                  fmt::format("{} is newer than {}, which this database has had; a rollback goes "
                              "back",
                              candidate.short_commit(), shown),
                  "`reconcile --once` applies newer commits"};
    case Ancestry::Diverged:
      return Hold{ReasonCode::DivergedRevision, object,
                  fmt::format("{} is not among what {} builds on, so this database cannot have "
                              "been at it",
                              candidate.short_commit(), shown),
                  fmt::format("name one of the commits that `git log {}` lists", shown)};
    case Ancestry::Unproven:
      break;
  }
  return continuity(Ancestry::Unproven, newest, candidate);
}

std::optional<Hold> same_repository(std::span<const std::string> recorded_roots,
                                    std::span<const std::string> roots, const Revision& candidate) {
  if (recorded_roots.empty()) return std::nullopt;
  const bool shared = std::ranges::any_of(roots, [&](const std::string& root) {
    return std::ranges::find(recorded_roots, root) != recorded_roots.end();
  });
  if (shared) return std::nullopt;
  if (roots.empty()) {
    return Hold{ReasonCode::UnprovenRevision,
                {"revision", candidate.short_commit()},
                fmt::format("the history of {} is cut off, so that it cannot be told whether it is "
                            "this database's",
                            candidate.short_commit()),
                complete_clone};
  }
  return Hold{ReasonCode::UnprovenRevision,
              {"revision", candidate.short_commit()},
              fmt::format("this database belongs to another repository, the one that began with {}",
                          recorded_roots.front().substr(0, 10)),
              "point --repo at that repository, or --database at the right database"};
}

}  // namespace reconcile::policy
