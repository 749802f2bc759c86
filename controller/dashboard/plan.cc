#include "controller/dashboard/plan.h"

#include <algorithm>
#include <map>

#include "controller/dashboard/parts.h"
#include "controller/dashboard/plan_groups.h"
#include "controller/dashboard/times.h"

namespace reconcile::dashboard {
namespace {

/// Within its group an object needs no more than its own part of the name.
std::string local_name(const Step& step) {
  const std::string prefix = step.group + ".";
  return step.object.name.starts_with(prefix) ? step.object.name.substr(prefix.size())
                                              : step.object.name;
}

std::vector<std::string> sql_of(const Step& step) {
  std::vector<std::string> all;
  for (const Statement& statement : step.statements) all.push_back(sql_text(statement));
  return all;
}

std::string_view level_key(HazardLevel level) {
  return level == HazardLevel::Hold ? "hold" : level == HazardLevel::Warn ? "warn" : "allow";
}

Html hazard_item(const Hazard& hazard) {
  const std::string line = hazard.line > 0 ? fmt::format("line {}", hazard.line) : std::string();
  return markup(
      "<li class=\"hazard level-{}\"><span class=\"code\">{}</span> {}{}{}{}</li>",
      level_key(hazard.level), hazard.code, hazard.reason,
      line.empty() ? Html() : markup(" <span class=\"where\">{}</span>", line),
      hazard.lock.empty() ? Html() : markup("<span class=\"lock\">locks {}</span>", hazard.lock),
      hazard.safer.empty() ? Html() : markup("<span class=\"safer\">{}</span>", hazard.safer));
}

Html stake(const Step& step) {
  if (!step.destructive) return {};
  if (!step.rows_at_stake)
    return markup(
        " <span class=\"stake\"><span aria-hidden=\"true\">!</span> data at stake</span>");
  return markup(
      " <span class=\"stake\"><span aria-hidden=\"true\">!</span> {} at stake</span>",
      *step.rows_at_stake == 1 ? std::string("1 row") : grouped(*step.rows_at_stake) + " rows");
}

Html origin(const Step& step) {
  return markup("<code>{}</code>, {}", step.owner.text(), step.reason);
}

/// What is not already said of its whole group.
Html why(const Step& step, const Html& told) {
  Html parts = origin(step).text() == told.text() ? Html() : origin(step);
  const auto add = [&](const Html& more) {
    if (!parts.empty()) parts += markup(", ");
    parts += more;
  };
  if (!step.former_name.empty()) parts += markup(", was {}", name(step.former_name));
  if (!step.likely_rename.empty())
    add(markup(
        "is it {} now? A line <code>Rename: {} to {}</code> in a commit message keeps the data",
        name(step.likely_rename), step.object.text(), step.likely_rename));
  if (step.alone) add(markup("outside of the transaction"));
  if (step.gentle) add(markup("while the table stays in use"));
  return parts.empty() ? Html() : markup("<p class=\"why\">{}</p>", parts);
}

Html notes_list(std::string_view kind, const std::vector<std::string>& texts) {
  Html all;
  for (const std::string& text : texts)
    all += markup("<li class=\"{}\"><strong>{}</strong> {}</li>", kind,
                  kind == "warning" ? "Warning:" : "Note:", prose(text));
  return all;
}

/// What the sentence above does not say already.
Html holds_of(const PassReport& report, const Standing& standing) {
  const auto* held = std::get_if<Held>(&report.outcome);
  if (held == nullptr) return {};
  if (held->holds.size() == 1 && held->holds.front().message == standing.cause) return {};
  Html all;
  for (const Hold& hold : held->holds) {
    all +=
        notice("held", markup("<span aria-hidden=\"true\">▲</span> Held: {}", name_of(hold.code)),
               hold.message, hold.next);
  }
  return all;
}

Html failure_of(const PassReport& report) {
  const auto* failed = std::get_if<Failed>(&report.outcome);
  if (failed == nullptr) return {};
  const Error& error = failed->error;
  Html lines;
  const auto line = [&](std::string_view what, const Html& text) {
    lines += markup("<div><dt>{}</dt><dd>{}</dd></div>", what, text);
  };
  if (!error.where.empty()) line("where", markup("<code>{}</code>", error.where));
  if (!error.why.empty()) line("why", prose(error.why));
  line("state", report.partly.empty()
                    ? markup("nothing of this revision was applied")
                    : markup("live already: {}; the next pass goes on behind it", report.partly));
  if (!error.next.empty()) line("next", prose(error.next));
  return markup(
      "<div class=\"notice is-failed\" role=\"alert\"><p class=\"notice-title\"><span "
      "aria-hidden=\"true\">✕</span> Failed in {}: {}</p><dl class=\"lines\">{}</dl></div>",
      name_of(failed->stage), error.what, lines);
}

Html in_order(const Plan& plan) {
  Html all;
  std::size_t statements = 0;
  for (const Step& step : plan.steps) {
    statements += step.statements.size();
    if (step.statements.empty()) continue;
    all += markup("<li><p>{} {} <span class=\"where\">{}</span></p>{}</li>", name_of(step.stage),
                  name(step.object.text()), step.owner.text(), sql_block(sql_of(step)));
  }
  if (statements == 0) return {};
  return markup(
      "<details class=\"all-sql\"><summary>{}, in the order they "
      "run</summary><ol>{}</ol></details>",
      counted(statements, "statement", "statements"), all);
}

Html summary(const PassReport& report, const TargetStatus& status, const Viewer& viewer) {
  const Plan& plan = report.plan;
  return markup(
      "<div class=\"plan-head\"><h2>{}</h2><p class=\"counts\">{}</p><p class=\"hint\">Made "
      "{}{}{}</p></div>",
      counted(plan.steps.size(), "step", "steps"), counts(counts_of(plan)),
      relative(status.checked, viewer.now),
      plan.digest.empty() ? Html() : markup(", plan <code>{}</code>", plan.digest.substr(0, 10)),
      plan.fingerprint.empty()
          ? Html()
          : markup(" on schema <code>{}</code>", plan.fingerprint.substr(0, 10)));
}

Html nothing(const PassReport* report, const TargetStatus& status, const Viewer& viewer) {
  if (status.checked == WallTime{})
    return empty(markup("Not looked at yet"),
                 markup("The first pass makes the plan. {}",
                        command("reconcile plan --target " + shell(status.target))));
  if (report != nullptr && std::holds_alternative<Failed>(report->outcome))
    return empty(markup("No plan"), markup("The pass broke off before it had one."));
  if (report != nullptr && std::holds_alternative<Skipped>(report->outcome))
    return empty(markup("No plan"),
                 markup("The mode of this target is skip: it is not looked at."));
  if (report != nullptr && !has_compared(*report))
    return empty(markup("No plan"), markup("It is made once nothing holds the revision."));
  return empty(markup("Nothing to do"), markup("Checked {}: the database has what git asks for.",
                                               relative(status.checked, viewer.now)));
}

/// The origin that most steps of a group share stands in its heading.
Html group_section(const StepGroup& group) {
  std::map<std::string, std::size_t> times;
  const Step* most = group.steps.front();
  for (const Step* step : group.steps) {
    if (++times[origin(*step).text()] > times[origin(*most).text()]) most = step;
  }
  const Html told = group.steps.size() > 1 ? origin(*most) : Html();
  Html steps;
  for (const Step* step : group.steps) steps += step_item(*step, local_name(*step), told);
  return markup(
      "<section class=\"group\"><h3>{} <span class=\"number\">{}</span>{}</h3><ul "
      "class=\"steps\">{}</ul></section>",
      name(group.name), group.steps.size(),
      told.empty() ? Html() : markup(" <span class=\"why\">{}</span>", told), steps);
}

}  // namespace

Html step_item(const Step& step, std::string_view called, const Html& told) {
  const Sign sign = sign_of(step.action);
  Html hazards;
  for (const Hazard& hazard : step.hazards) hazards += hazard_item(hazard);
  if (!hazards.empty()) hazards = markup("<ul class=\"hazards\">{}</ul>", hazards);
  Html sql;
  if (!step.statements.empty())
    sql = markup(
        "<details><summary>SQL<span class=\"unseen\"> of {}</span> <span "
        "class=\"number\">{}</span></summary>{}</details>",
        step.object.text(), step.statements.size(), sql_block(sql_of(step)));
  return markup(
      "<li class=\"step sign-{}{}\"><span class=\"sign\" aria-hidden=\"true\">{}</span><div><p "
      "class=\"what\"><span class=\"unseen\">{} </span><span class=\"kind\">{}</span> <strong>{}"
      "</strong> <span class=\"detail\">{}</span>{}</p>{}{}{}</div></li>",
      sign.key, step.destructive ? " dangerous" : "", sign.sign, sign.word, step.object.kind,
      name(called), step.detail, stake(step), hazards, why(step, told), sql);
}

std::string plan_page(const PlanView& view, const Viewer& viewer) {
  const TargetStatus& status = view.target.status;
  if (view.report == nullptr)
    return target_document(Tab::Plan, view.target, nothing(nullptr, status, viewer), viewer);
  const PassReport& report = *view.report;
  Html content = failure_of(report) + holds_of(report, status.standing);
  if (report.plan.empty()) {
    content += nothing(&report, status, viewer);
  } else {
    Html groups;
    for (const StepGroup& group : grouped_steps(report.plan)) {
      groups += group_section(group);
    }
    content += summary(report, status, viewer) + groups + in_order(report.plan);
  }
  const Html notes = notes_list("warning", report.warnings) + notes_list("note", report.notes) +
                     notes_list("note", report.plan.notes);
  if (!notes.empty()) content += markup("<ul class=\"notes\">{}</ul>", notes);
  return target_document(Tab::Plan, view.target, content, viewer);
}

}  // namespace reconcile::dashboard
