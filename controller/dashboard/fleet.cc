#include "controller/dashboard/fleet.h"

#include <algorithm>

#include "controller/dashboard/fleet_groups.h"
#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

std::size_t of(const Tally& counts, Headline headline) {
  return counts.at(static_cast<std::size_t>(headline));
}

/// The one-second answer.
Html verdict(const Targets& targets) {
  const Tally counts = tally(targets);
  std::size_t waiting_targets = 0;
  for (const TargetStatus* target : targets)
    waiting_targets += waits(target->standing.headline) ? 1 : 0;
  if (targets.empty()) return markup("<h1>No targets yet</h1>");
  if (waiting_targets > 0) {
    return markup(
        "<h1>{} of {} {} for a person</h1>", grouped(static_cast<std::int64_t>(waiting_targets)),
        counted(targets.size(), "target", "targets"), waiting_targets == 1 ? "waits" : "wait");
  }
  const std::size_t moving = of(counts, Headline::Applying) + of(counts, Headline::Pending);
  if (moving > 0) {
    return markup("<h1>{} of {} {} on the way to git’s revision</h1>",
                  grouped(static_cast<std::int64_t>(moving)),
                  counted(targets.size(), "target", "targets"), moving == 1 ? "is" : "are");
  }
  if (const std::size_t paused = of(counts, Headline::Paused); paused > 0) {
    return markup("<h1>{} of {} {} paused, the rest is at git’s revision</h1>",
                  grouped(static_cast<std::int64_t>(paused)),
                  counted(targets.size(), "target", "targets"), paused == 1 ? "is" : "are");
  }
  return targets.size() == 1 ? markup("<h1>The target is at git’s revision</h1>")
                             : markup("<h1>All {} are at git’s revision</h1>",
                                      counted(targets.size(), "target", "targets"));
}

/// Shares of the headlines as a bar; says nothing that its neighbours do not say in words.
Html share_bar(const Tally& counts, std::size_t all) {
  Html parts;
  std::size_t before = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    parts += markup("<rect class=\"fill-{}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"1\"/>",
                    key_of(static_cast<Headline>(i)), before, counts.at(i));
    before += counts.at(i);
  }
  return markup(
      "<svg class=\"share\" viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\" focusable=\"false\">{}</svg>",
      all, parts);
}

Html tally_links(const Tally& counts) {
  Html parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto headline = static_cast<Headline>(i);
    if (counts.at(i) == 0) continue;
    parts += markup(
        "<li><a class=\"tally is-{}\" href=\"/?q=state%3A{}\"><span class=\"glyph\" "
        "aria-hidden=\"true\">{}</span><strong>{}</strong> {}</a></li>",
        key_of(headline), key_of(headline), glyph_of(headline),
        grouped(static_cast<std::int64_t>(counts.at(i))), word_of(headline));
  }
  return markup("<ul class=\"tallies\">{}</ul>", parts);
}

Html names_of(const Targets& targets) {
  constexpr std::size_t shown = 3;
  Html names;
  for (std::size_t i = 0; i < std::min(shown, targets.size()); ++i) {
    if (i > 0) names += markup(", ");
    names +=
        markup("<a href=\"{}\">{}</a>", target_path(targets[i]->target), name(targets[i]->target));
  }
  if (targets.size() > shown)
    names += markup(" and {} more", grouped(static_cast<std::int64_t>(targets.size() - shown)));
  return names;
}

struct Way {
  std::string path;
  std::string_view word;
};

Way way_on(const TargetStatus& target) {
  switch (target.standing.headline) {
    case Headline::NeedsApproval:
      return {target_path(target.target, "/approve"), "Review"};
    case Headline::Drifted:
      return {target_path(target.target, "/drift"), "Compare"};
    default:
      return {target_path(target.target), "Look"};
  }
}

Html for_you(const Targets& targets) {
  constexpr std::size_t shown = 8;
  const std::vector<Waiting> groups = waiting(targets);
  if (groups.empty()) return {};
  Html items;
  for (std::size_t i = 0; i < std::min(shown, groups.size()); ++i) {
    const Waiting& group = groups[i];
    const TargetStatus& first = *group.targets.front();
    const Way way = way_on(first);
    Html facts;
    if (group.standing.headline == Headline::NeedsApproval && first.plan.rows_at_stake > 0)
      facts = markup(" <span class=\"stake\">{} at stake</span>",
                     first.plan.rows_at_stake == 1 ? std::string("1 row")
                                                   : grouped(first.plan.rows_at_stake) + " rows");
    items += markup(
        "<li class=\"is-{}\"><div>{} <span class=\"names\">{}</span>{}<p>{}</p>{}</div><a "
        "class=\"button\" href=\"{}\">{}<span class=\"unseen\"> {}</span></a></li>",
        key_of(group.standing.headline), badge(group.standing.headline), names_of(group.targets),
        facts, prose(group.standing.cause),
        group.standing.next.empty()
            ? Html()
            : markup("<p class=\"next\">{}</p>", prose(group.standing.next)),
        way.path, way.word, first.target);
  }
  Html rest;
  if (groups.size() > shown)
    rest = markup("<p class=\"rest\">{} below.</p>",
                  counted(groups.size() - shown, "more case is", "more cases are"));
  return markup(
      "<section class=\"for-you\" aria-labelledby=\"for-you\"><h2 id=\"for-you\">For "
      "you</h2><ul>{}</ul>{}</section>",
      items, rest);
}

Html shape_item(const Shape& shape, const Shape& largest) {
  const Tally counts = tally(shape.targets);
  Html odd;
  if (&shape != &largest)
    odd = shape.targets.size() == 1 ? markup(" <span class=\"chip\">unlike any other</span>")
                                    : Html();
  Html states;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    const auto headline = static_cast<Headline>(i);
    states += markup(
        "<span class=\"is-{}\"><span class=\"glyph\" aria-hidden=\"true\">{}</span> {} "
        "{}</span> ",
        key_of(headline), glyph_of(headline), grouped(static_cast<std::int64_t>(counts.at(i))),
        word_of(headline));
  }
  return markup(
      "<li><span class=\"letter\" aria-hidden=\"true\">{}</span><div><a href=\"/?q=schema%3A{}\">{}"
      "</a> at {}{}{}<p class=\"states\">{}</p></div>{}</li>",
      shape.letter, shape.fingerprint.substr(0, 12),
      counted(shape.targets.size(), "target", "targets alike"), commit(shape.commits.front()),
      shape.commits.size() > 1
          ? markup(" and {} more", counted(shape.commits.size() - 1, "commit", "commits"))
          : Html(),
      odd, states, share_bar(counts, shape.targets.size()));
}

Html shapes_section(const Targets& targets) {
  constexpr std::size_t shown = 6;
  const std::vector<Shape> all = shapes(targets);
  if (all.empty() || targets.size() < 2) return {};
  Html items;
  for (std::size_t i = 0; i < std::min(shown, all.size()); ++i)
    items += shape_item(all[i], all.front());
  std::size_t rest = 0;
  for (std::size_t i = shown; i < all.size(); ++i) rest += all[i].targets.size();
  return markup(
      "<section class=\"shapes\" aria-labelledby=\"shapes\"><h2 id=\"shapes\">Schemas</h2><p "
      "class=\"hint\">{}</p><ol>{}</ol>{}</section>",
      all.size() == 1 ? std::string("All of these databases have the same schema.")
                      : fmt::format("{} different schemas among {}.", all.size(),
                                    counted(targets.size(), "target", "targets")),
      items,
      rest == 0
          ? Html()
          : markup("<p class=\"rest\">{} in {}.</p>", counted(rest, "target is", "targets are"),
                   counted(all.size() - shown, "more schema", "more schemas")));
}

Html row(const TargetStatus& target, const Viewer& viewer) {
  const Standing& standing = target.standing;
  Html chips;
  if (!target.environment.empty())
    chips += markup(" <span class=\"chip\">{}</span>", target.environment);
  if (!target.fleet.empty()) chips += markup(" <span class=\"chip\">{}</span>", target.fleet);
  Html plan = counts(target.plan);
  if (target.drifted > 0)
    plan = (target.plan.steps() > 0 ? plan : Html()) +
           markup(
               "<span class=\"is-drifted\"><span aria-hidden=\"true\">◆</span>{}<span "
               "class=\"unseen\"> drifted</span></span>",
               target.drifted);
  return markup(
      "<tr data-target=\"{}\" data-state=\"{}\" data-env=\"{}\" data-fleet=\"{}\" "
      "data-schema=\"{}\"><td data-label=\"State\">{}{}</td><th scope=\"row\"><a "
      "href=\"{}\">{}</a>{}</th><td data-label=\"Git\">{}</td><td "
      "data-label=\"Database\">{}</td><td "
      "data-label=\"Plan\">{}</td><td data-label=\"Checked\">{}</td></tr>",
      target.target, key_of(standing.headline), target.environment, target.fleet,
      target.fingerprint, badge(standing.headline),
      standing.reason.empty() ? Html()
                              : markup(" <span class=\"reason\">{}</span>", standing.reason),
      target_path(target.target), name(target.target), chips, commit(target.git.commit),
      commit(target.database), plan, relative(target.checked, viewer.now));
}

Html pages(std::size_t page, std::size_t last, std::string_view query) {
  if (last == 1) return {};
  const auto link = [&](std::size_t to, std::string_view word) {
    return markup("<a class=\"button quiet\" href=\"/?q={}&page={}\">{}</a>", url_part(query), to,
                  word);
  };
  return markup("<nav class=\"pages\" aria-label=\"Pages\">{}<span>Page {} of {}</span>{}</nav>",
                page > 1 ? link(page - 1, "Before") : Html(), page, last,
                page < last ? link(page + 1, "After") : Html());
}

Html filter_form(std::string_view query, std::size_t found, std::size_t all, bool whole) {
  return markup(
      "<form class=\"filter\" role=\"search\" method=\"get\" action=\"/\"><label for=\"q\">Filter"
      "</label><input id=\"q\" name=\"q\" type=\"search\" value=\"{}\" "
      "placeholder=\"state:drifted env:prod name\" autocomplete=\"off\" spellcheck=\"false\" "
      "data-whole=\"{}\"><button>Filter</button><output id=\"found\" for=\"q\">{} of "
      "{}</output></form>",
      query, whole ? "yes" : "no", grouped(static_cast<std::int64_t>(found)),
      counted(all, "target", "targets"));
}

Html table(const FleetView& view, const Targets& all, const Viewer& viewer) {
  const Targets found = matching(all, view.query);
  const std::size_t last =
      std::max<std::size_t>(1, (found.size() + rows_of_a_page - 1) / rows_of_a_page);
  const std::size_t page = std::clamp<std::size_t>(view.page, 1, last);
  Html rows;
  const std::size_t end = std::min(found.size(), page * rows_of_a_page);
  for (std::size_t i = (page - 1) * rows_of_a_page; i < end; ++i) rows += row(*found[i], viewer);
  // Scripts hide rows only where all of them are here; otherwise the server filters.
  const bool whole = view.query.empty() && last == 1;
  return markup(
      "<section aria-labelledby=\"targets\"><div class=\"table-head\"><h2 "
      "id=\"targets\">Targets</h2>{}<button id=\"refresh\" class=\"quiet\" "
      "hidden>Refresh the order</button></div><table class=\"fleet\"><caption "
      "class=\"unseen\">Targets, the worst state first</caption><thead><tr><th scope=\"col\" "
      "aria-sort=\"descending\">State</th><th scope=\"col\">Target</th><th "
      "scope=\"col\">Git</th><th "
      "scope=\"col\">Database</th><th scope=\"col\">Plan</th><th "
      "scope=\"col\">Checked</th></tr></thead><tbody id=\"rows\">{}</tbody></table>{}{}</section>",
      filter_form(view.query, found.size(), all.size(), whole), rows,
      found.empty() ? markup("<p class=\"none-found\">No target fits “{}”. <a href=\"/\">Show "
                             "all</a></p>",
                             view.query)
                    : Html(),
      pages(page, last, view.query));
}

}  // namespace

std::string fleet_page(const FleetView& view, const Viewer& viewer) {
  const Targets all = worst_first(view.targets);
  Page page{.title = "Fleet", .live = "fleet"};
  page.crumbs = markup("<li aria-current=\"page\">Fleet</li>");
  if (all.empty()) {
    page.content =
        verdict(all) +
        empty(markup("Nothing to look after"),
              markup("Name a database below <code>targets:</code> in reconcile.yaml, or describe "
                     "many of one server below <code>fleets:</code>. The file is read again when "
                     "it changes. {}",
                     command("reconcile status")));
    return document(page, viewer);
  }
  const Tally counts = tally(all);
  Html again;
  if (viewer.may_operate)
    again = action("/reconcile", {}, markup("<button class=\"quiet\">Look at all again</button>"),
                   viewer);
  page.content =
      markup("<div class=\"lead\"><div>{}{}</div>{}</div>{}<div class=\"halves\">{}{}</div>{}",
             verdict(all), tally_links(counts), again, share_bar(counts, all.size()), for_you(all),
             shapes_section(all), table(view, all, viewer));
  return document(page, viewer);
}

std::string target_row(const TargetStatus& target, const Viewer& viewer) {
  return markup(
             "<!doctype html><html "
             "lang=\"en\"><title>{}</title><table><tbody>{}</tbody></table></html>\n",
             target.target, row(target, viewer))
      .text();
}

}  // namespace reconcile::dashboard
