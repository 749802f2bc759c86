#pragma once

#include <optional>
#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// One entry of a list in the form in which js-yaml writes nearly all of them: an indentation of
/// two, words on one line, lists of words. `text` is its lines, from "  - " to the next one.
/// Nothing for whatever is written otherwise, right or wrong: then libyaml has to say. What it does
/// understand it understands as libyaml would, some ten times as fast.
std::optional<Value> read_plain_entry(std::string_view text);

/// A word behind a colon or a dash, under the same terms.
std::optional<Value> read_plain_word(std::string_view text);

}  // namespace reconcile::snapshot
