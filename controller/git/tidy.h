#pragma once

#include <filesystem>

#include "controller/git/objects.h"

namespace reconcile::git {

/// Whether a mirror consists of so many small packs, one for each fetch that brought something,
/// that they cost more than the making of one of them. A long-running process holds each open.
bool is_untidy(const std::filesystem::path& mirror);

/// Makes `made` what `mirror` is, with one pack instead of the small ones: nothing of it is lost,
/// no object that only a forgotten reference led to either. Throws a Failure.
void make_tidy(const std::filesystem::path& mirror, const Objects& objects,
               const std::filesystem::path& made);

}  // namespace reconcile::git
