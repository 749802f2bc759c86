#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "reconcilers/core/inventory.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/core/quarantine.h"

namespace reconcile::render {

/// The JSON of what a pass, the ledger and the inventory say: the same in the terminal and over
/// HTTP. Keys are part of the command-line contract; a new one is an addition, none goes away.

/// "in-sync", "applied", "pending", "skipped", "held", "failed".
std::string_view word_for(const Outcome& outcome);
/// Reason code of a hold, stage of a failure, otherwise empty.
std::string_view reason_for(const Outcome& outcome);

boost::json::object report_json(const PassReport& report);
boost::json::array drift_json(const std::vector<Drift>& drift);
boost::json::object object_json(const ObjectRecord& record);
boost::json::object attempt_json(const Attempt& attempt);
boost::json::object history_json(std::string_view target, const std::vector<Attempt>& attempts);
boost::json::object quarantine_json(const QuarantineEntry& entry);
boost::json::object quarantine_json(std::string_view target,
                                    const std::vector<QuarantineEntry>& kept);

}  // namespace reconcile::render
