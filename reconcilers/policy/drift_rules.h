#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/plan.h"

namespace reconcile::policy {

/// Whether `text` is as `pattern` says, in which * stands for any text and ? for any character.
bool matches(std::string_view pattern, std::string_view text);

/// Whether one of the patterns names the object, as "index public.scratch_*". A pattern of one word
/// is the name of an object of any kind.
bool is_ignored(const ObjectIdentity& object, std::span<const std::string> patterns);

/// The hold of a target that applies nothing new while something git made is missing or altered.
std::optional<Hold> drift_hold(std::span<const Drift> drift);

}  // namespace reconcile::policy
