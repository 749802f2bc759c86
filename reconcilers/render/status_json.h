#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "reconcilers/core/approval.h"
#include "reconcilers/core/error.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::render {

/// Times are ISO 8601 in UTC with seconds ("2026-11-22T04:05:06Z"); the epoch, which says that
/// there is none, is null.
boost::json::value time_json(WallTime time);

/// One target without its report, as lists and events have it.
boost::json::object target_json(const TargetStatus& status);
boost::json::object targets_json(const std::vector<TargetStatus>& targets);
boost::json::object commit_json(const Revision& revision);
boost::json::object approval_json(const Approval& approval);
boost::json::object suspension_json(const Suspension& suspension);

/// {"error": {"where", "what", "why", "next"}}
boost::json::object problem_json(const Error& error);

}  // namespace reconcile::render
