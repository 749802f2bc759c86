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

/// One entry that came back; `notes` are what could not come with it.
std::string render_restored(const QuarantineEntry& entry);
std::string render_restored_json(const std::string& target, const QuarantineEntry& entry,
                                 const std::vector<std::string>& notes);

}  // namespace reconcile::cli
