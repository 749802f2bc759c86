#include "reconcilers/policy/continuity.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconcile::policy {

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
                  "push a commit on top of the applied one; to go back on purpose, revert in git"};
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
              "use a complete clone (git fetch --unshallow) of the repository this database was "
              "reconciled from"};
}

std::optional<Hold> same_repository(std::span<const std::string> recorded_roots,
                                    std::span<const std::string> roots, const Revision& candidate) {
  if (recorded_roots.empty()) return std::nullopt;
  const bool shared = std::ranges::any_of(roots, [&](const std::string& root) {
    return std::ranges::find(recorded_roots, root) != recorded_roots.end();
  });
  if (shared) return std::nullopt;
  return Hold{ReasonCode::UnprovenRevision,
              {"revision", candidate.short_commit()},
              fmt::format("this database belongs to another repository, the one that began with {}",
                          recorded_roots.front().substr(0, 10)),
              "point --repo at that repository, or --database at the right database"};
}

}  // namespace reconcile::policy
