#include <fmt/format.h>

#include "controller/cli/render.h"
#include "reconcilers/status/standing.h"

namespace reconcile::cli {
namespace {

Paint paint_of(Headline headline) {
  switch (headline) {
    case Headline::Failed:
      return Paint::Red;
    case Headline::NeedsApproval:
    case Headline::Held:
      return Paint::Yellow;
    case Headline::Drifted:
      return Paint::Magenta;
    case Headline::Applying:
    case Headline::Pending:
      return Paint::Blue;
    case Headline::Unknown:
    case Headline::Paused:
      return Paint::Grey;
    case Headline::InSync:
      return Paint::Green;
  }
  return Paint::Plain;
}

/// "+2 ~1 -1 !": a plan in a few characters.
std::string plan_in_short(const PassReport& report) {
  const bool live = std::holds_alternative<Applied>(report.outcome);
  const Counts counts = live ? Counts{} : counts_of(report.plan);
  std::string text;
  const auto add = [&](std::size_t count, std::string_view sign) {
    if (count > 0) text += fmt::format("{}{}{}", text.empty() ? "" : " ", sign, count);
  };
  add(counts.create, "+");
  add(counts.change, "~");
  add(counts.remove, "-");
  add(counts.run, ">");
  add(counts.adopt, "=");
  if (counts.at_stake > 0) text += " !";
  if (const std::size_t drifted = drifted_of(report.plan); drifted > 0)
    text += fmt::format("{}{} drifted", text.empty() ? "" : "  ", drifted);
  return text;
}

std::string short_or_dash(const std::string& commit) {
  return commit.empty() ? "-" : commit.substr(0, 10);
}

}  // namespace

std::string render_status(const std::vector<PassReport>& reports, const Look& look) {
  constexpr std::size_t state_width = 16;
  std::string text =
      fmt::format("{}  {}  {}  {}  {}\n", columns("STATE", state_width), columns("TARGET", 16),
                  columns("GIT", 10), columns("DB", 10), "PLAN");
  for (const PassReport& report : reports) {
    const Standing standing = standing_of(report);
    const std::string state = fmt::format(
        "{} {}", look.unicode ? glyph_of(standing.headline) : twin_of(standing.headline),
        word_of(standing.headline));
    text += fmt::format(
        "{}  {}  {}  {}  {}\n",
        paint(columns(state, state_width), paint_of(standing.headline), look),
        columns(one_line(report.target), 16), columns(short_or_dash(report.revision.commit), 10),
        columns(short_or_dash(report.base.value_or("")), 10), plan_in_short(report));
    if (!standing.cause.empty())
      text += fmt::format("    {}{}\n", standing.reason.empty() ? "" : standing.reason + ": ",
                          plain(one_line(standing.cause), look));
    if (!standing.next.empty())
      text += fmt::format("    next: {}\n", plain(one_line(standing.next), look));
  }
  return text;
}

}  // namespace reconcile::cli
