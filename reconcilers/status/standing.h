#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "reconcilers/core/outcome.h"
#include "reconcilers/status/wall_time.h"

namespace reconcile {

/// What a target comes to at one look; the most urgent first.
enum class Headline {
  Failed,         ///< the last pass broke off
  Unknown,        ///< not looked at yet, not any more, or it cannot be reached; never green
  NeedsApproval,  ///< the plan loses something, and a person may allow it
  Held,           ///< a person has to decide something else
  Drifted,        ///< at git's revision, but somebody changed something besides git
  Applying,       ///< a pass is at work
  Pending,        ///< a plan that will run without anybody's doing
  Paused,         ///< nothing is applied: suspended, or its mode is skip
  InSync,
};
inline constexpr std::size_t headlines = 9;

std::string_view word_of(Headline headline);   ///< "needs approval"
std::string_view key_of(Headline headline);    ///< "needs-approval": for JSON, metrics, and CSS
std::string_view glyph_of(Headline headline);  ///< "▲"
std::string_view twin_of(Headline headline);   ///< "!": the glyph where only ASCII is shown

/// The one sentence about a target, the same in page, terminal, alert and commit status. Texts
/// are without a final full stop, and without times or counters that change by themselves.
struct Standing {
  Headline headline = Headline::Unknown;
  std::string reason = {};  ///< reason code of a hold, stage of a failure; otherwise empty
  std::string cause = {};   ///< why it is so; empty where the headline says it all
  std::string next = {};    ///< what a person can do; empty where nobody has to act

  bool operator==(const Standing&) const = default;
};

/// What a pass says of its target.
Standing standing_of(const PassReport& report);

/// What all who depend on git come to while it has not answered since then.
Standing git_is_away(const Error& error, WallTime since);

/// "needs approval: <cause>; next: <next>", on one line.
std::string sentence(const Standing& standing);

/// A plan in numbers.
struct Counts {
  std::size_t create = 0;
  std::size_t change = 0;
  std::size_t remove = 0;
  std::size_t run = 0;
  std::size_t adopt = 0;
  std::size_t at_stake = 0;        ///< steps that lose data
  std::int64_t rows_at_stake = 0;  ///< of those that could be counted

  std::size_t steps() const { return create + change + remove + run + adopt; }
  bool operator==(const Counts&) const = default;
};

Counts counts_of(const Plan& plan);

/// Objects that are not as git made them; what git did not make is not among them.
std::size_t drifted_of(const Plan& plan);

}  // namespace reconcile
