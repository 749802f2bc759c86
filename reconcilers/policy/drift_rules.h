#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/plan.h"

namespace reconcile::policy {

/// Whether one of the patterns names the object, as "index public.scratch_*". A pattern of one word
/// is the name of an object of any kind.
bool is_ignored(const ObjectIdentity& object, std::span<const std::string> patterns);

/// The hold of a target that applies nothing new while something git made is missing or altered.
std::optional<Hold> drift_hold(std::span<const Drift> drift);

}  // namespace reconcile::policy
