#pragma once

#include <string>
#include <vector>

#include "controller/cli/terminal.h"
#include "reconcilers/core/quarantine.h"

namespace reconcile::cli {

/// What is in the quarantine of a target, one line each; and as one JSON document.
std::string render_quarantine(const std::string& target, const std::vector<QuarantineEntry>& kept,
                              const Look& look);
std::string render_quarantine_json(const std::string& target,
                                   const std::vector<QuarantineEntry>& kept);

}  // namespace reconcile::cli
