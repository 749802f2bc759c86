#include "reconcilers/policy/destructive_guard.h"

#include <fmt/format.h>

#include <set>
#include <sstream>

namespace reconcile::policy {
namespace {

/// The text behind "Name:" at the start of a line, with its spaces folded; empty for other lines.
std::string trailer(const std::string& line, std::string_view name) {
  if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ':') return {};
  std::istringstream words(line.substr(name.size() + 1));
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// What is lost: by the object, or for SQL by the statements that lose it.
std::string losses(const Step& step) {
  std::string text;
  for (const Hazard& hazard : step.hazards) {
    if (step.stage == Stage::Snapshot || !loses_data(hazard)) continue;
    text += fmt::format("{}line {} {}", text.empty() ? "" : ", ", hazard.line, hazard.reason);
  }
  return text.empty() ? step.detail : text;
}

std::string stake(const Step& step) {
  if (!step.rows_at_stake) return losses(step);
  return fmt::format("{} ({} at stake)", losses(step), rows_in_words(*step.rows_at_stake));
}

/// SQL of a file: it can also say for itself that the loss is meant.
std::string way_out_of_file(const Step& step) {
  std::set<std::string> codes;
  for (const Hazard& hazard : step.hazards) {
    if (loses_data(hazard)) codes.insert(hazard.code);
  }
  return fmt::format(
      "take it out in a new commit, or, if this loss is meant, put `Allow-Destructive: {}` in the "
      "message of a new commit, or begin the file with `-- reconcile: allow {}`",
      step.object.text(), fmt::join(codes, ", "));
}

std::string way_out(const Step& step) {
  if (step.action == Action::Run) return way_out_of_file(step);
  const std::string name = step.object.text();
  const std::string rename =
      step.likely_rename.empty()
          ? std::string()
          : fmt::format(
                "if it is called {0} now, put `Rename: {1} to {0}` in the message of a new "
                "commit, and its data stays; ",
                step.likely_rename, name);
  return fmt::format(
      "{}put it back in a new commit, or, if this loss is meant, put `Allow-Destructive: {}` in "
      "the message of a new commit",
      rename, name);
}

/// "table entries" is "table public.entries" as well.
bool is_allowed(const std::string& object, const Allowances& allowed) {
  constexpr std::string_view home = " public.";
  if (allowed.destructive.contains(object)) return true;
  const std::size_t at = object.find(home);
  if (at == std::string::npos) return false;
  return allowed.destructive.contains(object.substr(0, at + 1) + object.substr(at + home.size()));
}

/// Each loss by its own name.
bool are_all_allowed(const Step& step, const Allowances& allowed) {
  std::size_t losses = 0;
  for (const Hazard& hazard : step.hazards) {
    if (!loses_data(hazard)) continue;
    if (!is_allowed(hazard.object, allowed)) return false;
    ++losses;
  }
  return losses > 0;
}

/// A commit may call what it loses as it was called until now.
bool is_allowed(const Step& step, const Allowances& allowed) {
  if (allowed.everything) return true;
  if (step.action == Action::Run && are_all_allowed(step, allowed)) return true;
  return allowed.destructive.contains(step.object.text()) ||
         (!step.former_name.empty() &&
          allowed.destructive.contains(step.object.kind + " " + step.former_name));
}

}  // namespace

Allowances allowances(std::span<const Revision> commits) {
  Allowances allowed;
  for (const Revision& commit : commits) {
    std::istringstream lines(commit.message);
    for (std::string line; std::getline(lines, line);) {
      if (std::string name = trailer(line, "Allow-Destructive"); !name.empty())
        allowed.destructive.insert(std::move(name));
      if (std::string name = trailer(line, "Take-Git"); !name.empty())
        allowed.take_git.insert(std::move(name));
      const std::string rename = trailer(line, "Rename");
      if (const std::size_t middle = rename.find(" to "); middle != std::string::npos)
        allowed.renames.emplace(rename.substr(0, middle), rename.substr(middle + 4));
    }
  }
  return allowed;
}

std::vector<Hold> destructive_guard(std::span<const Step> steps, const Allowances& allowed) {
  std::vector<Hold> holds;
  for (const Step& step : steps) {
    if (!step.destructive || is_allowed(step, allowed)) continue;
    holds.push_back({ReasonCode::DestructiveChange, step.object,
                     fmt::format("{}: {}; {}", step.object.text(), stake(step), step.reason),
                     way_out(step)});
  }
  return holds;
}

}  // namespace reconcile::policy
