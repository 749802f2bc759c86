#include "controller/dashboard/timeline.h"

#include <algorithm>

#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {

std::vector<TimelineEntry> timeline(const std::vector<Revision>& commits,
                                    const std::string& database, std::size_t most) {
  const auto at = std::ranges::find(commits, database, &Revision::commit);
  const auto live = static_cast<std::size_t>(at - commits.begin());
  std::vector<TimelineEntry> entries;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const bool beyond = i >= most;
    if (!beyond || i == live) {
      entries.push_back({commits[i], 0, i >= live, i == live});
    } else if (i < live) {
      if (entries.empty() || entries.back().skipped == 0) entries.push_back({{}, 0, false, false});
      ++entries.back().skipped;
    }
  }
  if (live == commits.size() && !database.empty()) {
    // Beyond what git has told, or not on the branch at all.
    entries.push_back({{database, "", 0, ""}, 0, true, true});
  }
  std::ranges::reverse(entries);
  return entries;
}

namespace {

Html stop(const TimelineEntry& entry, std::size_t drifted, const Viewer& viewer) {
  if (entry.skipped > 0) {
    return markup(
        "<li class=\"gap\"><span class=\"dot git\" aria-hidden=\"true\">⋯</span><span "
        "class=\"dot db\" aria-hidden=\"true\"></span><p>{} more</p></li>",
        entry.skipped);
  }
  Html drift;
  if (entry.newest_applied && drifted > 0) {
    drift = markup("<p class=\"is-drifted\"><span aria-hidden=\"true\">◆</span> {} by hand</p>",
                   counted(drifted, "change", "changes"));
  }
  const Revision& revision = entry.revision;
  const std::string_view where = entry.newest_applied ? "the database is here"
                                 : entry.applied      ? "in the database"
                                                      : "not applied";
  Html when;
  if (revision.time > 0) when = markup("{}", relative_seconds(revision.time, viewer.now));
  return markup(
      "<li class=\"{}{}\"><span class=\"dot git\" aria-hidden=\"true\">{}</span><span class=\"dot "
      "db\" "
      "aria-hidden=\"true\">{}</span><p>{} <span class=\"unseen\">{}</span></p><p "
      "class=\"subject\">{}</p><p class=\"by\">{} {}</p>{}</li>",
      entry.applied ? "applied" : "ahead", entry.newest_applied ? " here" : "",
      entry.applied ? "●" : "○", entry.applied ? "●" : "", commit(revision.commit), where,
      revision.subject(), name(revision.author), when, drift);
}

}  // namespace

Html timeline_section(const TargetStatus& status, const std::vector<Revision>& commits,
                      const Viewer& viewer) {
  constexpr std::size_t most = 5;
  const std::vector<TimelineEntry> entries = timeline(commits, status.database, most);
  if (entries.empty()) return {};
  Html stops;
  for (const TimelineEntry& entry : entries) stops += stop(entry, status.drifted, viewer);
  std::size_t ahead = 0;
  for (const TimelineEntry& entry : entries)
    ahead += entry.applied ? 0 : std::max<std::size_t>(1, entry.skipped);
  const std::string words =
      status.database.empty() ? std::string("No commit has been applied to this database yet.")
      : ahead == 0            ? std::string("The database has every commit of the branch.")
                              : counted(ahead, "commit is", "commits are") + " not applied.";
  return markup(
      "<section class=\"timeline\" aria-labelledby=\"timeline\"><h2 id=\"timeline\" "
      "class=\"unseen\">Revisions</h2><div class=\"lanes\" "
      "aria-hidden=\"true\"><span>git</span><span>database"
      "</span></div><div class=\"rail\" tabindex=\"0\" role=\"group\" "
      "aria-labelledby=\"timeline\"><ol>{}</ol></div><p "
      "class=\"hint\">{}</p></section>",
      stops, words);
}

}  // namespace reconcile::dashboard
