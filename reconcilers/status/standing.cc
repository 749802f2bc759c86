#include "reconcilers/status/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reconcile {
namespace {

struct Words {
  std::string_view word, key, glyph, twin;
};

const Words& words_of(Headline headline) {
  static constexpr std::array<Words, headlines> all{{
      {"failed", "failed", "✕", "x"},
      {"unknown", "unknown", "?", "?"},
      {"needs approval", "needs-approval", "▲", "!"},
      {"held", "held", "▲", "!"},
      {"drifted", "drifted", "◆", "*"},
      {"applying", "applying", "◐", "~"},
      {"pending", "pending", "▷", ">"},
      {"paused", "paused", "‖", "-"},
      {"in sync", "in-sync", "●", "="},
  }};
  return all.at(static_cast<std::size_t>(headline));
}

/// What a person is asked for decides the headline of a hold.
Headline headline_of(ReasonCode code) {
  switch (code) {
    case ReasonCode::DestructiveChange:
    case ReasonCode::DeletionBudgetExceeded:
      return Headline::NeedsApproval;
    case ReasonCode::OutsideWindow:
    case ReasonCode::WaitingForTarget:
      return Headline::Pending;
    case ReasonCode::Suspended:
      return Headline::Paused;
    case ReasonCode::LeaseHeld:
      return Headline::Applying;
    case ReasonCode::DriftDetected:
      return Headline::Drifted;
    default:
      return Headline::Held;
  }
}

std::string things(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// "table x and 2 more": what has drifted, without naming everything.
std::string drifted(const std::vector<Drift>& drift, std::size_t count) {
  const auto first = std::ranges::find_if(
      drift, [](const Drift& entry) { return entry.kind != Drift::Kind::Unmanaged; });
  std::string text = fmt::format("{} is {}", first->object.text(), name_of(first->kind));
  if (count > 1) text += fmt::format(", and {} more differ", count - 1);
  return text;
}

/// Of a target that is at git's revision.
Standing at_revision(const PassReport& report) {
  const std::size_t count = drifted_of(report.plan);
  if (count == 0 && report.suspension) {
    return {.headline = Headline::Paused,
            .reason = std::string(name_of(ReasonCode::Suspended)),
            .cause = describe(*report.suspension),
            .next = fmt::format("reconcile resume --target {}", report.target)};
  }
  if (count == 0) return {.headline = Headline::InSync};
  return {.headline = Headline::Drifted,
          .cause = drifted(report.plan.drift, count),
          .next = fmt::format("heal it (git is right) or adopt it (the database is): "
                              "reconcile drift --target {}",
                              report.target)};
}

struct Judge {
  const PassReport& report;

  Standing operator()(const InSync&) const { return at_revision(report); }
  Standing operator()(const Applied&) const { return at_revision(report); }
  Standing operator()(const Pending&) const {
    return {.headline = Headline::Pending,
            .cause = things(counts_of(report.plan).steps(), "step waits", "steps wait")};
  }
  Standing operator()(const Skipped&) const {
    return {.headline = Headline::Paused, .cause = "its mode is skip"};
  }
  Standing operator()(const Held& held) const {
    const Hold& first = held.holds.front();
    Standing standing{.headline = headline_of(first.code),
                      .reason = std::string(name_of(first.code)),
                      .cause = first.message,
                      .next = first.next};
    if (held.holds.size() > 1)
      standing.cause +=
          fmt::format(" (and {})", things(held.holds.size() - 1, "more reason", "more reasons"));
    return standing;
  }
  Standing operator()(const reconcile::Failed& failure) const {
    // A database or a repository that cannot be reached says nothing about what is in it.
    const bool unreachable =
        failure.error.kind == ErrorKind::Transient && failure.stage <= Stage::Read;
    return {.headline = unreachable ? Headline::Unknown : Headline::Failed,
            .reason = std::string(name_of(failure.stage)),
            .cause = describe(failure.error),
            .next = failure.error.next};
  }
};

}  // namespace

std::string_view word_of(Headline headline) { return words_of(headline).word; }
std::string_view key_of(Headline headline) { return words_of(headline).key; }
std::string_view glyph_of(Headline headline) { return words_of(headline).glyph; }
std::string_view twin_of(Headline headline) { return words_of(headline).twin; }

Standing standing_of(const PassReport& report) { return std::visit(Judge{report}, report.outcome); }

Standing git_is_away(const Error& error, WallTime since) {
  return {
      .headline = Headline::Unknown,
      .reason = std::string(name_of(Stage::Fetch)),
      .cause = fmt::format("git cannot be reached since {}: {}", iso_time(since), describe(error)),
      .next = error.next};
}

std::string sentence(const Standing& standing) {
  std::string text(word_of(standing.headline));
  if (!standing.cause.empty()) text += ": " + standing.cause;
  if (!standing.next.empty()) text += "; next: " + standing.next;
  return text;
}

Counts counts_of(const Plan& plan) {
  Counts counts;
  for (const Step& step : plan.steps) {
    switch (step.action) {
      case Action::Create:
        ++counts.create;
        break;
      case Action::Change:
        ++counts.change;
        break;
      case Action::Remove:
        ++counts.remove;
        break;
      case Action::Run:
        ++counts.run;
        break;
      case Action::Adopt:
        ++counts.adopt;
        break;
    }
    if (step.destructive) ++counts.at_stake;
    counts.rows_at_stake += step.rows_at_stake.value_or(0);
  }
  return counts;
}

std::size_t drifted_of(const Plan& plan) {
  return static_cast<std::size_t>(std::ranges::count_if(
      plan.drift, [](const Drift& entry) { return entry.kind != Drift::Kind::Unmanaged; }));
}

}  // namespace reconcile
