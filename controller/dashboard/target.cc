#include "controller/dashboard/target.h"

#include <array>

#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/timeline.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

struct TabName {
  Tab tab;
  std::string_view path, word;
};
constexpr std::array<TabName, 6> tabs{{{Tab::Plan, "", "Plan"},
                                       {Tab::Diagram, "/diagram", "Diagram"},
                                       {Tab::Drift, "/drift", "Drift"},
                                       {Tab::History, "/history", "History"},
                                       {Tab::Blame, "/blame", "Blame"},
                                       {Tab::Quarantine, "/quarantine", "Quarantine"}}};

Html standing(const TargetStatus& status, const Viewer& viewer) {
  const Standing& now = status.standing;
  Html since;
  if (status.since != WallTime{})
    since = markup(" <span class=\"since\">since {}</span>", relative(status.since, viewer.now));
  Html cause;
  if (!now.cause.empty()) cause = markup("<p class=\"cause\">{}.</p>", prose(now.cause));
  Html next;
  if (!now.next.empty())
    next = markup("<p class=\"next\"><strong>Next:</strong> {}.</p>", prose(now.next));
  return markup(
      "<div id=\"standing\" class=\"standing is-{}\"><p class=\"headline\"><span class=\"glyph\" "
      "aria-hidden=\"true\">{}</span> {}{}{}</p>{}{}</div>",
      key_of(now.headline), glyph_of(now.headline), headline_word(now.headline),
      now.reason.empty() ? Html() : markup(" <span class=\"reason\">{}</span>", now.reason), since,
      cause, next);
}

Html suspend_form(const TargetStatus& status, const Viewer& viewer) {
  return markup(
      "<details class=\"menu\"><summary class=\"button "
      "quiet\">Suspend…</summary><div>{}</div></details>",
      action(target_path(status.target, "/suspend"),
             markup("<label>Reason <input name=\"reason\" required maxlength=\"500\" "
                    "autocomplete=\"off\"></label><label>For <select name=\"for\"><option "
                    "value=\"3600\">1 hour</option><option value=\"86400\">1 day</option><option "
                    "value=\"604800\">1 week</option><option value=\"\">until resumed</option>"
                    "</select></label>"),
             markup("<button>Suspend</button>"), viewer));
}

Html suspension(const TargetStatus& status, const Viewer& viewer) {
  if (!status.suspension) return {};
  const Suspension& held = *status.suspension;
  Html resume;
  if (viewer.may_operate)
    resume = action(target_path(status.target, "/resume"), {}, markup("<button>Resume</button>"),
                    viewer);
  return markup("<div class=\"notice is-paused\"><p>Suspended by {} {}{}: {}</p>{}</div>",
                name(held.actor), relative(held.since, viewer.now),
                held.until ? markup(", until {}", relative(*held.until, viewer.now))
                           : markup(", until it is resumed"),
                held.reason, resume);
}

Html actions(const TargetStatus& status, const Viewer& viewer) {
  Html all;
  if (status.standing.headline == Headline::NeedsApproval) {
    all += markup("<a class=\"button primary\" href=\"{}\">Review what is lost</a>",
                  target_path(status.target, "/approve"));
  } else if (status.standing.headline == Headline::Drifted) {
    all += markup("<a class=\"button primary\" href=\"{}\">Heal or adopt</a>",
                  target_path(status.target, "/drift"));
  }
  if (!viewer.may_operate) return all;
  all += action(target_path(status.target, "/reconcile"), {}, markup("<button>Look again</button>"),
                viewer);
  if (!status.suspension) all += suspend_form(status, viewer);
  return all;
}

Html facts(const TargetStatus& status, const Viewer& viewer) {
  Html all;
  const auto fact = [&](std::string_view what, const Html& value) {
    all += markup("<div><dt>{}</dt><dd>{}</dd></div>", what, value);
  };
  fact("git", commit(status.git.commit));
  fact("database", commit(status.database));
  fact("checked", relative(status.checked, viewer.now));
  if (status.next_look != WallTime{}) fact("next look", relative(status.next_look, viewer.now));
  if (!status.fingerprint.empty()) {
    fact("schema",
         markup("<a href=\"/?q=schema%3A{}\"><code>{}</code></a>",
                url_part(status.fingerprint.substr(0, 12)), status.fingerprint.substr(0, 10)));
  }
  if (status.failures > 1) fact("failed", markup("{} times in a row", status.failures));
  if (!status.leader.empty()) fact("worked on by", name(status.leader));
  return markup("<dl class=\"facts\">{}</dl>", all);
}

Html tab_bar(Tab current, const TargetStatus& status) {
  Html items;
  for (const TabName& tab : tabs) {
    std::size_t count = 0;
    if (tab.tab == Tab::Plan) count = status.plan.steps();
    if (tab.tab == Tab::Drift) count = status.drifted;
    items += markup("<li><a href=\"{}\"{}>{}{}</a></li>", target_path(status.target, tab.path),
                    tab.tab == current ? markup(" aria-current=\"page\"") : Html(), tab.word,
                    count > 0 ? markup(" <span class=\"number\">{}</span>",
                                       grouped(static_cast<std::int64_t>(count)))
                              : Html());
  }
  return markup("<nav class=\"tabs\" aria-label=\"{}\"><ul>{}</ul></nav>", "Views of the target",
                items);
}

std::string_view word(Tab tab) { return tabs.at(static_cast<std::size_t>(tab)).word; }

}  // namespace

std::string target_document(Tab tab, const TargetView& view, const Html& content,
                            const Viewer& viewer) {
  const TargetStatus& status = view.status;
  Html chips;
  if (!status.environment.empty())
    chips += markup(" <span class=\"chip\">{}</span>", status.environment);
  if (!status.fleet.empty()) chips += markup(" <span class=\"chip\">{}</span>", status.fleet);
  Page page{.title = status.target + " · " + std::string(word(tab)),
            .live = "target:" + status.target};
  page.crumbs = markup("<li><a href=\"/\">Fleet</a></li><li><a href=\"{}\">{}</a></li>",
                       target_path(status.target), name(status.target));
  page.content = markup(
      "<div class=\"lead\"><h1>{}{}</h1><div class=\"actions\">{}</div></div>{}{}{}{}{}{}<div "
      "id=\"stale\" class=\"notice is-pending\" hidden></div><section class=\"view\" "
      "aria-label=\"{}\">{}</section>",
      name(status.target), chips, actions(status, viewer),
      view.message.empty()
          ? Html()
          : markup("<p class=\"notice is-pending\" role=\"status\">{}</p>", view.message),
      standing(status, viewer), suspension(status, viewer),
      timeline_section(status, view.commits, viewer), facts(status, viewer), tab_bar(tab, status),
      word(tab), content);
  return document(page, viewer);
}

}  // namespace reconcile::dashboard
