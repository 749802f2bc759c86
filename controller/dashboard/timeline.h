#pragma once

#include <string>
#include <vector>

#include "controller/dashboard/html.h"
#include "controller/dashboard/viewer.h"
#include "reconcilers/core/revision.h"
#include "reconcilers/status/target_status.h"

namespace reconcile::dashboard {

/// So many commits of the branch the timeline wants to be told, if there are as many.
inline constexpr std::size_t timeline_commits = 12;

/// A stretch of the branch as the timeline shows it, oldest first.
struct TimelineEntry {
  Revision revision;        ///< of a gap only the commit of none
  std::size_t skipped = 0;  ///< a gap: so many commits are left out here
  bool applied = false;     ///< the database has it
  bool newest_applied = false;
};

/// `commits` are the branch's newest, newest first; at most `most` of them are shown, and the one
/// that the database is at, always.
std::vector<TimelineEntry> timeline(const std::vector<Revision>& commits,
                                    const std::string& database, std::size_t most);

/// Git's line beside the database's. It claims nothing where `commits` leave open what the database
/// has: none where git did not answer, or none of them the database's.
Html timeline_section(const TargetStatus& status, const std::vector<Revision>& commits,
                      const Viewer& viewer);

}  // namespace reconcile::dashboard
