#include "reconcilers/alerts/commit_status.h"

namespace reconcile::alerts {
namespace {

CommitState state_of(const TargetStatus& status) {
  switch (status.standing.headline) {
    case Headline::Failed:
    case Headline::Held:
      return CommitState::Failure;
    case Headline::Unknown:
      return CommitState::Error;
    case Headline::InSync:
    case Headline::Drifted:
      // Drift is no fault of the commit; but it may hold one that is not live yet.
      return status.database == status.git.commit ? CommitState::Success : CommitState::Pending;
    case Headline::NeedsApproval:
    case Headline::Applying:
    case Headline::Pending:
    case Headline::Paused:
      break;
  }
  return CommitState::Pending;
}

}  // namespace

std::optional<CommitStatus> commit_status(const TargetStatus& status) {
  if (status.git.commit.empty()) return std::nullopt;
  return CommitStatus{.target = status.target,
                      .commit = status.git.commit,
                      .state = state_of(status),
                      .waits = status.standing.headline == Headline::NeedsApproval,
                      .sentence = sentence(status.standing),
                      .path = path_of(status.target)};
}

std::string state_text(const CommitStatus& commit) {
  return std::string(name_of(commit.state)) + (commit.waits ? ", needs approval" : "");
}

}  // namespace reconcile::alerts
