#include "controller/dashboard/history.h"

#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

/// The headline whose colour and glyph an attempt's outcome has.
Headline headline_of(const Attempt& attempt) {
  if (attempt.outcome == "failed") return Headline::Failed;
  if (attempt.outcome == "held") return Headline::Held;
  if (attempt.outcome == "begun") return Headline::Applying;
  return Headline::InSync;
}

Html attempt_row(const Attempt& attempt, const Viewer& viewer) {
  const Headline headline = headline_of(attempt);
  Html result;
  if (!attempt.reason.empty())
    result += markup(" <span class=\"reason\">{}</span>", attempt.reason);
  if (attempt.times > 1)
    result += markup(" <span class=\"chip\">seen {} times</span>", attempt.times);
  if (!attempt.error.empty()) result += markup("<p class=\"error\">{}</p>", prose(attempt.error));
  return markup(
      "<tr><td data-label=\"When\">{}</td><th scope=\"row\">{} <span "
      "class=\"subject\">{}</span></th><td data-label=\"Outcome\"><div><span class=\"badge "
      "is-{}\"><span class=\"glyph\" aria-hidden=\"true\">{}</span> {}</span>{}</div></td><td "
      "data-label=\"Steps\">{}</td><td data-label=\"Took\">{}</td><td "
      "data-label=\"By\">{}</td></tr>",
      relative(attempt.started, viewer.now), commit(attempt.commit), attempt.subject,
      key_of(headline), glyph_of(headline), attempt.outcome, result,
      attempt.steps > 0 ? markup("{}", attempt.steps) : markup("<span class=\"none\">–</span>"),
      length(std::chrono::milliseconds(attempt.duration_ms)), name(attempt.actor));
}

}  // namespace

std::string history_page(const TargetView& view, const std::vector<Attempt>& attempts,
                         const Viewer& viewer) {
  if (attempts.empty()) {
    return target_document(
        Tab::History, view,
        empty(markup("Nothing yet"), markup("No revision was ever applied to this database.")),
        viewer);
  }
  Html rows;
  for (const Attempt& attempt : attempts) rows += attempt_row(attempt, viewer);
  return target_document(
      Tab::History, view,
      markup(
          "<table class=\"attempts\"><caption class=\"unseen\">Attempts, newest "
          "first</caption><thead><tr><th scope=\"col\" aria-sort=\"descending\">When</th><th "
          "scope=\"col\">Commit</th><th scope=\"col\">Outcome</th><th scope=\"col\">Steps</th><th "
          "scope=\"col\">Took</th><th scope=\"col\">By</th></tr></thead><tbody>{}</tbody></table>",
          rows),
      viewer);
}

namespace {

Html entry_row(const TargetStatus& status, const QuarantineEntry& entry, const Viewer& viewer) {
  Html restore = markup("<span class=\"none\">–</span>");
  if (viewer.may_operate) {
    restore = action(
        target_path(status.target, "/restore"),
        markup("<input type=\"hidden\" name=\"entry\" value=\"{}\">", entry.id),
        markup("<button>Restore<span class=\"unseen\"> {}</span></button>", entry.object.text()),
        viewer);
  }
  const Html until = entry.expired
                         ? markup("may be purged since {}", relative(entry.purge_after, viewer.now))
                     : entry.purge_after.empty()
                         ? markup("until it is purged")
                         : markup("may be purged {}", relative(entry.purge_after, viewer.now));
  return markup(
      "<tr><th scope=\"row\"><span class=\"kind\">{}</span> {}</th><td "
      "data-label=\"Rows\">{}</td><td data-label=\"Removed\">{}</td><td "
      "data-label=\"By\">{}</td><td "
      "data-label=\"Kept\">{}</td><td data-label=\"\">{}</td></tr>",
      entry.object.kind, name(entry.object.name),
      entry.rows ? markup("{}", grouped(*entry.rows)) : markup("<span class=\"none\">–</span>"),
      relative(entry.removed_at, viewer.now), commit(entry.removed_by), until, restore);
}

}  // namespace

std::string quarantine_page(const TargetView& view, const std::vector<QuarantineEntry>& entries,
                            const Viewer& viewer) {
  if (entries.empty()) {
    return target_document(Tab::Quarantine, view,
                           empty(markup("Nothing in quarantine"),
                                 markup("What a revision removes is kept here with its rows, and "
                                        "can be restored.")),
                           viewer);
  }
  Html rows;
  for (const QuarantineEntry& entry : entries) rows += entry_row(view.status, entry, viewer);
  return target_document(
      Tab::Quarantine, view,
      markup("<p class=\"hint\">Restoring brings an object back with its rows. Until a "
             "commit names it again it is unmanaged: reported, left alone, and no drift.</p><table "
             "class=\"quarantine\"><caption class=\"unseen\">Removed objects that are "
             "kept</caption><thead><tr><th scope=\"col\">Object</th><th scope=\"col\">Rows</th><th "
             "scope=\"col\">Removed</th><th scope=\"col\">By</th><th scope=\"col\">Kept</th><th "
             "scope=\"col\"><span class=\"unseen\">Way "
             "back</span></th></tr></thead><tbody>{}</tbody></table>",
             rows),
      viewer);
}

}  // namespace reconcile::dashboard
