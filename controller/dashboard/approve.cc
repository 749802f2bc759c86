#include "controller/dashboard/approve.h"

#include <algorithm>

#include "controller/dashboard/page.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/plan.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

std::string rows(std::int64_t count) {
  return count == 1 ? std::string("1 row") : grouped(count) + " rows";
}

/// What the button does, in so many words.
std::string deed(const Counts& counts) {
  const std::string whose = counts.rows_at_stake > 0
                                ? rows(counts.rows_at_stake)
                                : counted(counts.at_stake, "object", "objects");
  return fmt::format("Remove the data of {} and apply", whose);
}

Html losses(const Plan& plan) {
  Html items;
  for (const Step& step : plan.steps) {
    if (step.destructive) items += step_item(step, step.object.name, {});
  }
  return markup("<ul class=\"steps losses\">{}</ul>", items);
}

Html binding(const ApproveView& view, const Viewer& viewer) {
  const Plan& plan = view.report.plan;
  return markup(
      "<dl class=\"facts\"><div><dt>counted</dt><dd>{}</dd></div><div><dt>commit</dt><dd>{} "
      "{}</dd></div><div><dt>plan</dt><dd><code>{}</code></dd></div><div><dt>made on schema"
      "</dt><dd><code>{}</code></dd></div></dl><p class=\"hint\">The approval counts for this "
      "commit, this plan and this schema together, and for no more rows than these. If one of "
      "them changes it is void. Tables and columns that the snapshot removes go to quarantine, "
      "from "
      "where they can be restored; what an SQL file removes is gone.</p>",
      relative(viewer.now, viewer.now), commit(view.report.revision.commit),
      view.report.revision.subject(), plan.digest.substr(0, 10), plan.fingerprint.substr(0, 10));
}

/// Cancel comes first, so that it is what a keyboard meets first.
Html form(const ApproveView& view, const Viewer& viewer) {
  const TargetStatus& status = view.status;
  const std::string path = target_path(status.target, "/approve");
  const Html problem =
      view.problem.empty()
          ? Html()
          : markup("<p class=\"notice is-failed\" role=\"alert\">{}</p>", view.problem);
  return markup(
      "<form id=\"approve\" class=\"approve\" method=\"post\" action=\"{}\" data-target=\"{}\" "
      "data-plan=\"{}\"><input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" "
      "name=\"plan\" value=\"{}\">{}<p id=\"moved\" class=\"notice is-failed\" role=\"alert\" "
      "hidden>The plan has changed since this page was made, so it can no longer be approved. <a "
      "href=\"{}\">Show the plan of now</a></p><label for=\"reason\">Reason, for the "
      "history</label><input id=\"reason\" name=\"reason\" required maxlength=\"500\" "
      "autocomplete=\"off\" value=\"{}\"><label for=\"confirm\">Type {} to confirm</label><input "
      "id=\"confirm\" name=\"confirm\" required autocomplete=\"off\" autocapitalize=\"off\" "
      "spellcheck=\"false\"><div class=\"actions\"><a class=\"button\" id=\"cancel\" "
      "href=\"{}\">Cancel</a><button class=\"danger\">{}</button></div></form>",
      path, status.target, view.report.plan.digest, viewer.csrf, view.report.plan.digest, problem,
      path, view.reason, name(status.target), target_path(status.target),
      deed(counts_of(view.report.plan)));
}

Html may_not(const Viewer& viewer) {
  return notice(
      "paused",
      markup("{}", viewer.actor.empty() ? "Sign in to approve" : "Your token may not approve"), "",
      viewer.actor.empty() ? "sign in with a token of the role approve"
                           : "ask somebody whose token has the role approve");
}

}  // namespace

std::string refused_confirmation(const std::string& target, const std::string& confirm) {
  const std::size_t first = confirm.find_first_not_of(" \t\r\n");
  const std::size_t last = confirm.find_last_not_of(" \t\r\n");
  const std::string typed =
      first == std::string::npos ? std::string() : confirm.substr(first, last - first + 1);
  if (typed == target) return {};
  return "Nothing was approved: what was typed is not the name of this target.";
}

std::string approve_page(const ApproveView& view, const Viewer& viewer) {
  const TargetStatus& status = view.status;
  const Counts numbers = counts_of(view.report.plan);
  Page page{.title = "Approve · " + status.target, .live = "target:" + status.target};
  page.crumbs = markup(
      "<li><a href=\"/\">Fleet</a></li><li><a href=\"{}\">{}</a></li><li "
      "aria-current=\"page\">Approve</li>",
      target_path(status.target), name(status.target));
  const Html chip = status.environment.empty()
                        ? Html()
                        : markup(" <span class=\"chip\">{}</span>", status.environment);
  if (numbers.at_stake == 0) {
    page.content = markup("<h1>Nothing to approve on {}{}</h1>", name(status.target), chip) +
                   empty(markup("Nothing is lost"),
                         markup("The plan of now loses no data. <a href=\"{}\">Show it</a>",
                                target_path(status.target)));
    return document(page, viewer);
  }
  const std::size_t others = numbers.steps() - numbers.at_stake;
  const Html rest =
      others == 0
          ? Html()
          : markup("<p>Applied with it: <a href=\"{}\">{}</a> that lose nothing.</p>",
                   target_path(status.target), counted(others, "other step", "other steps"));
  page.content = markup(
      "<div class=\"narrow\"><h1>Approve what {}{} loses</h1><p class=\"loss\">{}</p><section "
      "class=\"group\" aria-label=\"Losses\">{}</section>{}{}{}</div>",
      name(status.target), chip,
      numbers.rows_at_stake > 0 ? markup("<strong>{}</strong> in {}", rows(numbers.rows_at_stake),
                                         counted(numbers.at_stake, "object", "objects"))
                                : markup("<strong>{}</strong>, whose rows could not be counted",
                                         counted(numbers.at_stake, "object", "objects")),
      losses(view.report.plan), rest, binding(view, viewer),
      viewer.may_approve ? form(view, viewer) : may_not(viewer));
  return document(page, viewer);
}

}  // namespace reconcile::dashboard
