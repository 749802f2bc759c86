#pragma once

#include <filesystem>

#include "reconcilers/core/result.h"

namespace reconcile::postgres {

/// The folder of `initdb` and `postgres`: `wanted`, or when it is empty the newest installed ones.
/// The major version of existing `data` wins, since no other server can read it.
Result<std::filesystem::path> find_binaries(const std::filesystem::path& wanted,
                                            const std::filesystem::path& data);

}  // namespace reconcile::postgres
