#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/dashboard/html.h"
#include "controller/dashboard/viewer.h"
#include "reconcilers/core/plan.h"
#include "reconcilers/status/target_status.h"

// What several pages show the same way.
namespace reconcile::dashboard {

/// "/targets/NAME" and what follows.
std::string target_path(std::string_view target, std::string_view rest = {});

/// "Needs approval": the word as a beginning.
std::string headline_word(Headline headline);

/// Glyph and word, in the headline's colour. The glyph is nothing to read out.
Html badge(Headline headline);

/// A name of somebody else's making, kept apart from the writing direction around it.
Html name(std::string_view text);

/// A sentence; what stands between backticks in it is code.
Html prose(std::string_view text);

/// Ten digits; a dash where there is none.
Html commit(std::string_view id);

/// "+2 ~1 −1", with the words for who does not see it; a dash where there is nothing.
Html counts(const Counts& plan);

/// "18 204"
std::string grouped(std::int64_t number);
std::string counted(std::size_t count, std::string_view one, std::string_view many);

struct Sign {
  std::string_view sign;  ///< "+"
  std::string_view word;  ///< "add"
  std::string_view key;   ///< for CSS
};
Sign sign_of(Action action);

/// Statements as the server will get them.
Html sql_block(const std::vector<std::string>& statements);
std::string sql_text(const Statement& statement);

/// A block that says what, why and the way out; the empty ones are left out.
Html notice(std::string_view kind, const Html& title, std::string_view text, std::string_view next);

/// A word of a command line.
std::string shell(std::string_view word);

/// A command to copy, with a button for it where scripts run.
Html command(std::string_view text);

/// What stands where a list would be.
Html empty(const Html& title, const Html& text);

}  // namespace reconcile::dashboard
