#include "controller/dashboard/drift.h"

#include <algorithm>

#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

/// Where the inventory tells more of an object than the comparison's one line.
const Difference* difference_of(const PassReport& report, const Drift& drift) {
  const auto found = std::ranges::find(report.differences, drift.object,
                                       [](const Difference& entry) { return entry.object; });
  return found == report.differences.end() ? nullptr : &*found;
}

Html definition(std::string_view title, const std::optional<std::string>& text) {
  return markup("<div><h3>{}</h3>{}</div>", title,
                text ? markup("<pre class=\"sql\" tabindex=\"0\" role=\"group\" "
                              "aria-label=\"{}\"><code>{}</code></pre>",
                              title, *text)
                     : markup("<p class=\"none\">not there</p>"));
}

Html way(std::string_view title, std::string_view hint, const std::vector<std::string>& sql,
         std::string_view without) {
  return markup("<div><h3>{}</h3><p class=\"hint\">{}</p>{}</div>", title,
                sql.empty() ? without : hint, sql.empty() ? Html() : sql_block(sql));
}

Html item(const Drift& drift, const PassReport& report) {
  const Difference* difference = difference_of(report, drift);
  Html made;
  if (difference != nullptr && !difference->origin.file.empty())
    made = markup("<p class=\"why\">git made it: <code>{}</code> of {}</p>",
                  difference->origin.file, commit(difference->origin.commit));
  Html sides;
  if (difference != nullptr)
    sides = markup("<div class=\"sides\">{}{}</div>", definition("Git has", difference->owned),
                   definition("The database has", difference->live));
  Html who;
  if (drift.by)
    who = markup("<p class=\"why\">last changed <span>{}</span></p>", describe(*drift.by));
  const bool unmanaged = drift.kind == Drift::Kind::Unmanaged;
  const Html heal = unmanaged ? Html()
                              : way("Heal", "The database follows git.", drift.heal,
                                    "Healing it could lose data: bring it back by hand.");
  return markup(
      "<li class=\"drift\"><p class=\"what\"><span class=\"chip kind-{}\">{}</span> <span "
      "class=\"kind\">{}</span> <strong>{}</strong> <span class=\"detail\">{}</span>{}</p>{}{}<div "
      "class=\"sides ways\">{}{}</div></li>",
      name_of(drift.kind), name_of(drift.kind), drift.object.kind, name(drift.object.name),
      drift.detail,
      drift.rows ? markup(" <span class=\"stake\">{}</span>", rows_in_words(*drift.rows)) : Html(),
      made + who, sides, heal,
      way("Adopt", "Git follows the database: this goes into a migration.", drift.adopt,
          "The SQL for git has to be written by hand."));
}

Html list(const std::vector<const Drift*>& entries, const PassReport& report) {
  Html items;
  for (const Drift* entry : entries) items += item(*entry, report);
  return markup("<ul class=\"drifts\">{}</ul>", items);
}

Html since(const TargetStatus& status, const Viewer& viewer) {
  if (status.standing.headline != Headline::Drifted || status.since == WallTime{}) return {};
  return markup("<p class=\"hint\">First seen {}, at the first look after it happened.</p>",
                relative(status.since, viewer.now));
}

Html buttons(const TargetStatus& status, std::size_t healable, const Viewer& viewer) {
  Html heal;
  if (healable > 0 && viewer.may_operate) {
    heal = action(target_path(status.target, "/heal"), {},
                  markup("<button class=\"primary\">Heal {}</button>",
                         counted(healable, "object", "objects")),
                  viewer);
  }
  return markup("<div class=\"ways-out\">{}<p>Adopt them on a branch to review: {}</p></div>", heal,
                command("reconcile adopt --target " + shell(status.target)));
}

}  // namespace

std::string drift_page(const DriftView& view, const Viewer& viewer) {
  const TargetStatus& status = view.target.status;
  std::vector<const Drift*> drifted;
  std::vector<const Drift*> unmanaged;
  if (view.report != nullptr) {
    for (const Drift& entry : view.report->plan.drift)
      (entry.kind == Drift::Kind::Unmanaged ? unmanaged : drifted).push_back(&entry);
  }
  Html content;
  if (status.compared != status.checked && status.compared != WallTime{})
    content = markup(
        "<p class=\"notice is-paused\">The last look could not compare the database with git: this "
        "is as of {}.</p>",
        relative(status.compared, viewer.now));
  if (status.compared == WallTime{}) {
    content = empty(markup("Not compared yet"),
                    markup("The first pass that can compares the database with git."));
  } else if (drifted.empty()) {
    content +=
        empty(markup("Nothing has drifted"), markup("Checked {}: what git made is as git made it.",
                                                    relative(status.compared, viewer.now)));
  } else {
    const auto healable = static_cast<std::size_t>(
        std::ranges::count_if(drifted, [](const Drift* entry) { return !entry->heal.empty(); }));
    content += markup("<div class=\"plan-head\"><h2>{} not as git made {}</h2>{}</div>{}{}",
                      counted(drifted.size(), "object is", "objects are"),
                      drifted.size() == 1 ? "it" : "them", since(status, viewer),
                      buttons(status, healable, viewer), list(drifted, *view.report));
  }
  if (!unmanaged.empty()) {
    content += markup(
        "<section><h2>Not git’s</h2><p class=\"hint\">{} in the database and in no "
        "commit. Nothing ever touches {}; adopt what git should keep.</p>{}</section>",
        counted(unmanaged.size(), "object is", "objects are"),
        unmanaged.size() == 1 ? "it" : "them", list(unmanaged, *view.report));
  }
  return target_document(Tab::Drift, view.target, content, viewer);
}

}  // namespace reconcile::dashboard
