#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "controller/cli/render.h"

namespace reconcile::cli {
namespace {

struct Symbol {
  std::string_view sign;
  Paint paint;
  std::string_view meaning;
};

Symbol symbol_of(Action action) {
  constexpr std::array<Symbol, 5> symbols{{{"+", Paint::Green, "add"},
                                           {"~", Paint::Yellow, "change"},
                                           {"-", Paint::Red, "remove"},
                                           {">", Paint::Blue, "run"},
                                           {"=", Paint::Grey, "adopt"}}};
  return symbols.at(static_cast<std::size_t>(action));
}

std::string short_commit(const std::string& commit) { return commit.substr(0, 10); }

std::string_view arrow(const Look& look) { return look.unicode ? "→" : "->"; }

/// Within its group an object needs no more than its own part of the name.
std::string local_name(const Step& step) {
  const std::string prefix = step.group + ".";
  std::string name = step.object.name.starts_with(prefix) ? step.object.name.substr(prefix.size())
                                                          : step.object.name;
  return one_line(step.object.kind == "migration" ? name : step.object.kind + " " + name);
}

std::string origin(const Step& step, const Look& look) {
  return fmt::format("{}, {}", one_line(step.owner.text()), plain(step.reason, look));
}

/// What a person should know of a step, below it; all of it and the other way with `all`.
std::string render_hazards(const Step& step, const Look& look, bool all) {
  std::string text;
  for (const Hazard& hazard : step.hazards) {
    if (hazard.level == HazardLevel::Allow && !all) continue;
    const Paint color = hazard.level == HazardLevel::Hold   ? Paint::Red
                        : hazard.level == HazardLevel::Warn ? Paint::Yellow
                                                            : Paint::Grey;
    const std::string_view sign = look.unicode ? "▲" : "^";
    text += fmt::format("        {} {}{}: {}\n", paint(sign, color, look),
                        paint(hazard.code, color, look),
                        hazard.line > 0 ? fmt::format(", line {}", hazard.line) : "",
                        plain(one_line(hazard.reason), look));
    if (all && !hazard.lock.empty())
      text += fmt::format("          lock:  {}\n", one_line(hazard.lock));
    if (all && !hazard.safer.empty())
      text += fmt::format("          safer: {}\n", plain(one_line(hazard.safer), look));
  }
  return text;
}

std::string render_step(const Step& step, const Look& look, std::size_t width, bool sql,
                        std::string_view told) {
  const Symbol symbol = symbol_of(step.action);
  std::string stake = step.destructive ? paint("!", Paint::Red, look) : " ";
  std::string line = fmt::format("  {} {} {}  {}", stake, paint(symbol.sign, symbol.paint, look),
                                 columns(local_name(step), width), plain(step.detail, look));
  if (step.rows_at_stake)
    line +=
        paint(fmt::format("   {} at stake", rows_in_words(*step.rows_at_stake)), Paint::Red, look);
  if (const std::string from = origin(step, look); from != told)
    line += "   " + paint(from, Paint::Grey, look);
  line += '\n';
  line += render_hazards(step, look, sql);
  if (!sql) return line;
  for (const Statement& statement : step.statements) {
    const std::string text =
        (statement.insert_head ? *statement.insert_head : std::string()) + statement.text;
    std::string indented = "        ";
    for (const char c : plain(text, look)) {
      indented += c;
      if (c == '\n') indented += "        ";
    }
    line += paint(indented + ";", Paint::Grey, look) + "\n";
  }
  return line;
}

/// The steps under their headings. Steps of one group stand together, in the order in which the
/// groups first appear; what happens in what order is the stages' business and stays as it is.
std::string render_steps(const std::vector<Step>& steps, const Look& look, bool sql) {
  std::vector<std::pair<std::string, std::vector<const Step*>>> groups;
  for (const Step& step : steps) {
    const auto same = std::ranges::find_if(groups, [&](const auto& group) {
      return group.first == step.group && group.second.front()->stage == step.stage;
    });
    if (same != groups.end()) {
      same->second.push_back(&step);
    } else {
      groups.push_back({step.group, {&step}});
    }
  }
  std::string text;
  for (const auto& [name, members] : groups) {
    std::size_t width = 0;
    for (const Step* step : members)
      width = std::max(width, std::min<std::size_t>(width_of(local_name(*step)), 48));
    const std::string told =
        members.front()->object.kind == "migration" ? "" : origin(*members.front(), look);
    text += fmt::format("  {}{}\n", paint(one_line(name), Paint::Bold, look),
                        told.empty() ? "" : "   " + paint(told, Paint::Grey, look));
    for (const Step* step : members) text += render_step(*step, look, width, sql, told);
  }
  return text;
}

std::string legend(const std::vector<Step>& steps, const Look& look) {
  std::string text;
  for (const Action action :
       {Action::Create, Action::Change, Action::Remove, Action::Run, Action::Adopt}) {
    const auto count = std::ranges::count(steps, action, &Step::action);
    if (count == 0) continue;
    const Symbol symbol = symbol_of(action);
    text += fmt::format("{}{} {} {}", text.empty() ? "" : "  ",
                        paint(symbol.sign, symbol.paint, look), count, symbol.meaning);
  }
  const auto at_stake = std::ranges::count(steps, true, &Step::destructive);
  if (at_stake > 0)
    text += fmt::format("  {} {} with data at stake", paint("!", Paint::Red, look), at_stake);
  return text;
}

std::string render_hold(const Hold& hold, const Look& look) {
  return fmt::format("{} {}: {}\n  next: {}\n",
                     paint(look.unicode ? "▲ held" : "held", Paint::Yellow, look),
                     name_of(hold.code), plain(hold.message, look), plain(hold.next, look));
}

/// "error: where: what (stage)", as compilers say it, then the cause and the way out.
std::string render_failure(const Failed& failure, const Look& look, const std::string& partly) {
  const Error& error = failure.error;
  const std::string place = error.where.empty() ? "" : error.where + ": ";
  std::string text = fmt::format("{} {} ({} stage)\n", paint("error:", Paint::Red, look),
                                 plain(place + error.what, look), name_of(failure.stage));
  if (!error.why.empty()) text += fmt::format("  why:   {}\n", plain(error.why, look));
  text += partly.empty()
              ? "  state: nothing of this revision was applied\n"
              : fmt::format("  state: live already: {}; the next pass goes on behind it\n",
                            plain(partly, look));
  if (!error.next.empty()) text += fmt::format("  next:  {}\n", plain(error.next, look));
  return text;
}

struct Headline {
  std::string_view glyph, twin, word;
  Paint paint;
};

Headline headline(const Outcome& outcome) {
  constexpr std::array<Headline, 6> lines{{{"●", "=", "in sync", Paint::Green},
                                           {"●", "=", "applied", Paint::Green},
                                           {"▷", ">", "pending", Paint::Blue},
                                           {"‖", "-", "skipped", Paint::Grey},
                                           {"▲", "!", "held", Paint::Yellow},
                                           {"✕", "x", "failed", Paint::Red}}};
  return lines.at(outcome.index());
}

std::string headline_text(const Outcome& outcome, const Look& look) {
  const Headline line = headline(outcome);
  return paint(fmt::format("{} {}", look.unicode ? line.glyph : line.twin, line.word), line.paint,
               look);
}

}  // namespace

std::string render_header(const PassReport& report, const Look& look) {
  const std::string before = report.base ? short_commit(*report.base) : "nothing applied yet";
  const std::string after =
      report.revision.commit.empty() ? "no revision" : short_commit(report.revision.commit);
  return fmt::format("{}  db {} {} git {}  {}\n", paint(one_line(report.target), Paint::Bold, look),
                     before, arrow(look), after,
                     paint(one_line(report.revision.subject()), Paint::Grey, look));
}

std::string render_plan(const PassReport& report, const Look& look, bool sql) {
  if (std::holds_alternative<Skipped>(report.outcome)) return {};
  const auto* failure = std::get_if<Failed>(&report.outcome);
  if (failure != nullptr && failure->stage <= Stage::Read) return {};  // neither side is known yet
  std::string text = render_header(report, look);
  text += render_steps(report.plan.steps, look, sql);
  text += render_drift(report.plan.drift, look, false);
  if (!report.plan.steps.empty()) {
    text += fmt::format("{}: {}\n",
                        report.plan.steps.size() == 1
                            ? "1 step"
                            : fmt::format("{} steps", report.plan.steps.size()),
                        legend(report.plan.steps, look));
  }
  return text;
}

std::string render_notes(const PassReport& report, const Look& look) {
  std::string text;
  for (const auto* notes : {&report.notes, &report.plan.notes}) {
    for (const std::string& note : *notes)
      text += fmt::format("{} {}\n", paint("note:", Paint::Grey, look), plain(note, look));
  }
  for (const std::string& warning : report.warnings)
    text += fmt::format("{} {}\n", paint("warning:", Paint::Yellow, look), plain(warning, look));
  return text;
}

std::string render_messages(const PassReport& report, const Look& look) {
  std::string text = render_notes(report, look);
  if (const auto* waiting = std::get_if<Held>(&report.outcome)) {
    for (const Hold& hold : waiting->holds) text += render_hold(hold, look);
    if (!report.partly.empty())
      text += fmt::format("  live already: {}\n", plain(report.partly, look));
  }
  if (const auto* failure = std::get_if<Failed>(&report.outcome))
    text += render_failure(*failure, look, report.partly);
  return text;
}

std::string render_outcome(const PassReport& report, const Look& look) {
  std::string text =
      fmt::format("{}  {}", headline_text(report.outcome, look), one_line(report.target));
  const std::string_view reason = reason_for(report.outcome);
  if (!reason.empty()) text += fmt::format("  {}", reason);
  if (!report.revision.commit.empty())
    text += fmt::format("  {}", short_commit(report.revision.commit));
  if (!report.plan.drift.empty()) text += fmt::format("  {} drifted", report.plan.drift.size());
  return text + fmt::format("  {} ms\n", report.duration.count());
}

std::string render_history(const std::string& target, const std::vector<Attempt>& attempts,
                           const Look& look) {
  std::string text = fmt::format("{}\n", paint(one_line(target), Paint::Bold, look));
  if (attempts.empty())
    return text + "  nothing yet: no revision was ever applied to this database\n";
  for (const Attempt& attempt : attempts) {
    const Paint color = attempt.outcome == "failed"                               ? Paint::Red
                        : attempt.outcome == "held" || attempt.outcome == "begun" ? Paint::Yellow
                                                                                  : Paint::Green;
    const bool did = attempt.outcome == "applied" || attempt.outcome == "rolled-back";
    const std::string result =
        did ? fmt::format("{} steps", attempt.steps) : one_line(attempt.reason);
    text += fmt::format("  {}  {}  {}  {}  {} ms  {}  {}\n", one_line(attempt.started),
                        one_line(short_commit(attempt.commit)),
                        paint(columns(one_line(attempt.outcome), 7), color, look),
                        columns(result, 18), attempt.duration_ms, one_line(attempt.actor),
                        paint(one_line(attempt.subject), Paint::Grey, look));
    if (!attempt.error.empty()) {
      text += fmt::format("      {}{}\n", plain(attempt.error, look),
                          attempt.times > 1 ? fmt::format(" (seen {} times)", attempt.times) : "");
    }
  }
  return text;
}

}  // namespace reconcile::cli
