#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconcilers/snapshot/model.h"

namespace reconcile::snapshot {

/// `JSON.parse(text)`, with numbers as `normalised` has them; nothing where it would throw.
/// Boost's parser is no help here: its fast numbers are off by one in the last digit, and it
/// refuses half surrogate pairs, which come out as three bytes each.
std::optional<Value> parse_js_json(std::string_view text);

/// `JSON.stringify(value)`, as a text of its own and behind another.
std::string js_json(const Value& value);
void append_js_json(std::string& out, const Value& value);
void append_js_json_string(std::string& out, std::string_view text);

}  // namespace reconcile::snapshot
