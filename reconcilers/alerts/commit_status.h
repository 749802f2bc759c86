#pragma once

#include <optional>
#include <string>

#include "reconcilers/alerts/delivery.h"

namespace reconcile::alerts {

/// How the target stands to git's newest commit; nothing where there is none.
std::optional<CommitStatus> commit_status(const TargetStatus& status);

/// What has to be another one before a git server hears of it again.
std::string state_text(const CommitStatus& commit);

}  // namespace reconcile::alerts
