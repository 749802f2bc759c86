#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "controller/cli/render.h"

// A comment is written by us and filled with names from git and the database, and it is shown with
// the rights of whoever posts it: no name may become markup, a link or a mention.
namespace reconcile::cli {
namespace {

// GitHub takes 65,536 characters in a comment, GitLab a million.
constexpr std::size_t most_rows = 100;

/// Inside back quotes nothing is markup, not even HTML; a row of a table still ends at a bar.
std::string code(std::string_view text) {
  std::string inside;
  std::size_t run = 0;
  std::size_t longest = 0;
  for (const char c : one_line(text)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    inside += c == '|' ? "\\|" : std::string(1, c);
  }
  if (inside.empty()) return {};
  const std::string fence(longest + 1, '`');
  const std::string_view gap = longest > 0 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, gap, inside);
}

/// A sentence that may hold a name. What would be taken for a mention, an issue or an address is
/// shown as code.
std::string prose(std::string_view text) {
  const std::string line = one_line(text);
  const bool linked = line.find_first_of("@#`") != std::string::npos ||
                      line.find("://") != std::string::npos ||
                      line.find("www.") != std::string::npos;
  if (linked) return code(line);
  constexpr std::string_view special = "\\*_{}[]()!|~$^";
  std::string escaped;
  for (const char c : line) {
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return escaped;
}

std::string plural(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

struct Placed {
  const Step* step;
  const Hazard* hazard;
};

/// Those that somebody should read, the held ones first.
std::vector<Placed> hazards_of(const PassReport& report) {
  std::vector<Placed> placed;
  for (const Step& step : report.plan.steps) {
    for (const Hazard& hazard : step.hazards) {
      if (hazard.level != HazardLevel::Allow) placed.push_back({&step, &hazard});
    }
  }
  std::ranges::stable_sort(placed, [](const Placed& left, const Placed& right) {
    return left.hazard->level > right.hazard->level;
  });
  return placed;
}

std::string where(const Placed& placed) {
  const std::string& file = placed.step->owner.file;
  return placed.hazard->line > 0 ? fmt::format("{}:{}", file, placed.hazard->line)
                                 : placed.step->object.text();
}

/// Folded, with a heading of our own words only.
std::string folded(std::string_view heading, const std::string& body) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", heading, body);
}

template <class Entry>
std::span<const Entry> first_of(const std::vector<Entry>& entries) {
  return std::span(entries).first(std::min(entries.size(), most_rows));
}

std::string more(std::size_t all) {
  return all <= most_rows ? std::string()
                          : fmt::format("\nand {} more: see `reconcile plan`\n", all - most_rows);
}

std::string hazard_table(const std::vector<Placed>& hazards) {
  std::string text = "| level | hazard | where | why | lock | safer |\n|---|---|---|---|---|---|\n";
  for (const auto& [step, hazard] : first_of(hazards)) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", name_of(hazard->level),
                        code(hazard->code), code(where({step, hazard})), prose(hazard->reason),
                        code(hazard->lock), prose(hazard->safer));
  }
  return text + more(hazards.size());
}

/// The strongest lock a step takes for each table, in the words of its hazards.
std::string locks_of(const Step& step) {
  std::set<std::string> locks;
  for (const Hazard& hazard : step.hazards) {
    if (!hazard.lock.empty()) locks.insert(hazard.lock);
  }
  return code(fmt::format("{}", fmt::join(locks, ", ")));
}

std::string step_table(const std::vector<Step>& steps) {
  std::string text =
      "| step | what | hazards | locks | rows at stake | owner |\n|---|---|---|---|---|---|\n";
  for (const Step& step : first_of(steps)) {
    std::set<std::string> codes;
    for (const Hazard& hazard : step.hazards) {
      if (hazard.level != HazardLevel::Allow) codes.insert(hazard.code);
    }
    text += fmt::format("| {} {} | {} | {} | {} | {} | {} |\n", name_of(step.action),
                        code(step.object.text()), prose(step.detail),
                        code(fmt::format("{}", fmt::join(codes, ", "))), locks_of(step),
                        step.rows_at_stake ? fmt::format("**{}**", *step.rows_at_stake) : "",
                        code(step.owner.text()));
  }
  return text + more(steps.size());
}

std::string drift_list(const std::vector<Drift>& drift) {
  std::string text;
  for (const Drift& entry : first_of(drift)) {
    text += fmt::format("- {} {}: {}\n", name_of(entry.kind), code(entry.object.text()),
                        prose(entry.detail));
  }
  return text + more(drift.size());
}

std::string summary(const PassReport& report, std::size_t holds, std::size_t warnings) {
  std::map<std::string_view, std::size_t> counts;
  for (const Step& step : report.plan.steps) ++counts[name_of(step.action)];
  std::string text = plural(report.plan.steps.size(), "step");
  for (const auto& [action, count] : counts) text += fmt::format(", {} {}", count, action);
  const auto at_stake = std::ranges::count(report.plan.steps, true, &Step::destructive);
  if (at_stake > 0) text += fmt::format(" · **{} with data at stake**", at_stake);
  if (holds > 0) text += fmt::format(" · **{} to decide**", plural(holds, "hazard"));
  if (warnings > 0) text += fmt::format(" · {}", plural(warnings, "warning"));
  if (!report.plan.drift.empty())
    text += fmt::format(" · {} that git did not ask for",
                        plural(report.plan.drift.size(), "difference"));
  return text + "\n\n";
}

/// Why nothing goes on, and the way out: what has to be read, so it is not folded.
std::string verdict(const PassReport& report) {
  std::string text;
  if (const auto* waiting = std::get_if<Held>(&report.outcome)) {
    for (const Hold& hold : waiting->holds)
      text += fmt::format("> **held: {}** {}\n> next: {}\n\n", name_of(hold.code),
                          prose(hold.message), code(hold.next));
  }
  if (const auto* failure = std::get_if<Failed>(&report.outcome)) {
    const Error& error = failure->error;
    text += fmt::format("> **failed in the {} stage** {}\n> why: {}\n> next: {}\n\n",
                        name_of(failure->stage), prose(error.where + ": " + error.what),
                        code(error.why), code(error.next));
  }
  return text;
}

}  // namespace

std::string render_markdown(const PassReport& report) {
  const auto hazards = hazards_of(report);
  const auto held = static_cast<std::size_t>(std::ranges::count_if(
      hazards, [](const Placed& each) { return each.hazard->level == HazardLevel::Hold; }));
  const std::string before = report.base ? code(report.base->substr(0, 10)) : "nothing applied yet";
  std::string text = fmt::format(
      "### reconcile: {} is {}\n\n{} → {} {}\n\n", code(report.target), word_for(report.outcome),
      before, code(report.revision.commit.substr(0, 10)), prose(report.revision.subject()));
  text += summary(report, held, hazards.size() - held) + verdict(report);
  if (!hazards.empty()) text += folded(plural(hazards.size(), "hazard"), hazard_table(hazards));
  if (!report.plan.steps.empty())
    text += folded(plural(report.plan.steps.size(), "step"), step_table(report.plan.steps));
  if (!report.plan.drift.empty())
    text += folded(plural(report.plan.drift.size(), "difference"), drift_list(report.plan.drift));
  std::string notes;
  for (const auto* list : {&report.notes, &report.plan.notes, &report.warnings}) {
    for (const std::string& note : *list) notes += fmt::format("- {}\n", prose(note));
  }
  if (!notes.empty()) text += folded("Notes", notes);
  return text;
}

}  // namespace reconcile::cli
