#include "controller/dashboard/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

/// Commits of the branch that the database does not have.
struct Ahead {
  std::size_t count = 0;
  bool or_more = false;  ///< git told no further
};

/// Of a database that has none of these commits.
std::optional<Ahead> ahead_of_none(const TargetStatus& status, std::size_t told) {
  const Headline headline = status.standing.headline;
  // A pass that did not come to the database does not know what it has.
  if (status.database.empty() && (headline == Headline::Unknown || headline == Headline::Failed))
    return std::nullopt;
  const bool beside = std::ranges::any_of(
      std::initializer_list<ReasonCode>{ReasonCode::StaleRevision, ReasonCode::DivergedRevision,
                                        ReasonCode::UnprovenRevision},
      [&](ReasonCode code) { return status.standing.reason == name_of(code); });
  if (beside) return std::nullopt;
  if (told < timeline_commits && !status.database.empty()) return std::nullopt;
  return Ahead{.count = told, .or_more = told >= timeline_commits};
}

/// Nothing where nobody knows: git has not answered, or the database's commit is not on the branch.
std::optional<Ahead> ahead_of(const TargetStatus& status, const std::vector<Revision>& commits) {
  if (commits.empty()) return std::nullopt;
  const auto at = std::ranges::find(commits, status.database, &Revision::commit);
  if (at == commits.end()) return ahead_of_none(status, commits.size());
  return Ahead{.count = static_cast<std::size_t>(at - commits.begin())};
}

std::string sentence(const TargetStatus& status, const Ahead& ahead) {
  if (status.database.empty()) return "No commit has been applied to this database yet.";
  if (ahead.or_more) return fmt::format("{} or more commits are not applied.", ahead.count);
  if (ahead.count == 0) return "The database has every commit of the branch.";
  return counted(ahead.count, "commit is", "commits are") + " not applied.";
}

/// `known`: whether the database has what is not marked as applied.
Html stop(const TimelineEntry& entry, bool known, std::size_t drifted, const Viewer& viewer) {
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
                                 : known              ? "not applied"
                                                      : "perhaps not applied";
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
  const std::optional<Ahead> ahead = ahead_of(status, commits);
  Html stops;
  for (const TimelineEntry& entry : entries)
    stops += stop(entry, ahead.has_value(), status.drifted, viewer);
  Html words;
  if (ahead) words = markup("<p class=\"hint\">{}</p>", sentence(status, *ahead));
  return markup(
      "<section class=\"timeline\" aria-labelledby=\"timeline\"><h2 id=\"timeline\" "
      "class=\"unseen\">Revisions</h2><div class=\"lanes\" "
      "aria-hidden=\"true\"><span>git</span><span>database"
      "</span></div><div class=\"rail\" tabindex=\"0\" role=\"group\" "
      "aria-labelledby=\"timeline\"><ol>{}</ol></div>{}</section>",
      stops, words);
}

}  // namespace reconcile::dashboard
